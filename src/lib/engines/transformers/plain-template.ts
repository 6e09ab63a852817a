/**
 * The prompt of models that come without a chat template: what the system says, then the turns by name, and the name
 * of the one whose turn it is.
 *
 *     Be brief.
 *
 *     User: What is a heron?
 *     Assistant: A bird.
 *     User: Where does it live?
 *     Assistant:
 */
export const plainTemplate = [
	'{% for message in messages %}',
	"{% if message['role'] == 'system' %}{{ message['content'] + '\\n\\n' }}",
	"{% elif message['role'] == 'user' %}{{ 'User: ' + message['content'] + '\\n' }}",
	"{% else %}{{ 'Assistant: ' + message['content'] + '\\n' }}{% endif %}",
	'{% endfor %}',
	"{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
].join('');

/** Where such a model begins to write the part of the user. */
export const plainStops: readonly string[] = ['\nUser:'];
