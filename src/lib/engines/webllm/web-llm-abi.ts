/**
 * What the model libraries are compiled for that the WebLLM of this build can start. It goes with the version in
 * `package.json`, and a test holds the two together: another version means another library for each model.
 */
export const webLlmAbi = 'v0_2_86/base';
