import type { FitDevice, FitRule, FitSubject, FitVerdict } from './fit-contract.ts';
import { describeMemory } from './fit-memory.ts';
import { cautions, refusals } from './fit-rules.ts';

/** Whether that device can run the model, judged before anything of it is downloaded. Gives the worst reason. */
export function fit(subject: FitSubject, device: FitDevice): FitVerdict {
	const refusal = firstOf(refusals, subject, device);
	if (refusal !== null) return { verdict: 'wont-fit', reason: refusal };
	const caution = firstOf(cautions, subject, device);
	if (caution !== null) return { verdict: 'tight', reason: caution };
	return { verdict: 'fits', reason: reasonToFit(subject, device) };
}

function firstOf(rules: readonly FitRule[], subject: FitSubject, device: FitDevice): string | null {
	for (const rule of rules) {
		const reason = rule(subject, device);
		if (reason !== null) return reason;
	}
	return null;
}

function reasonToFit(subject: FitSubject, { profile }: FitDevice): string {
	if (subject.bytes === 0) return 'Needs nothing special of this device.';
	return (
		describeMemory(subject, profile?.memoryGb ?? null) ??
		'Nothing that this browser tells of the device speaks against it.'
	);
}
