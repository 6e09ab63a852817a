/** How the tests start Chromium: quiet, with WebGPU on the software adapter, so that no GPU is needed. */
export const chromiumFlags = [
	'--no-sandbox',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
	'--enable-unsafe-webgpu',
	'--use-webgpu-adapter=swiftshader'
];
