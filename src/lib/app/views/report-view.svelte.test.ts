import { beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../core/errors.ts';
import type { PlanId } from '../../core/ids.ts';
import type { AnswerReport } from '../../migration/answer-report.ts';
import { answerReportStore, gateReportStore } from '../../migration/migration-records.ts';
import { write } from '../../ports/store-write.ts';
import { MemoryRecordStore } from '../../testing/memory-record-store.ts';
import { MemoryTabHub } from '../../testing/memory-tab-channel.ts';
import { answerReport, gateReport, promptComparison } from '../../testing/quality-reports.ts';
import type { AppMessage } from '../app-message.ts';
import { ChangeFeed } from '../change-feed.ts';
import { ReportView } from './report-view.svelte.ts';

const plan = 'plan-1' as PlanId;
let records: MemoryRecordStore;
let hub: MemoryTabHub<AppMessage>;

beforeEach(() => {
	records = new MemoryRecordStore();
	hub = new MemoryTabHub<AppMessage>();
});

function inTab(): ReportView {
	return new ReportView({ records, feed: new ChangeFeed(hub.join()) });
}

async function store(answers: AnswerReport = answerReport()): Promise<void> {
	await records.commit([
		write.put(gateReportStore, gateReport()),
		write.put(answerReportStore, answers)
	]);
}

const votes = (view: ReportView) => view.answers?.prompts.map(({ vote }) => vote);

describe('the report', () => {
	test('has both comparisons of one upgrade', async () => {
		await store();
		const view = inTab();
		expect(view.isRead).toBe(false);
		await view.open(plan);
		expect([view.isRead, view.gate, view.answers]).toEqual([true, gateReport(), answerReport()]);
	});

	test('says when there is none, and forgets the one before', async () => {
		await store();
		const view = inTab();
		await view.open(plan);
		await view.open('other' as PlanId);
		expect([view.isRead, view.gate, view.answers]).toEqual([true, null, null]);
	});

	test('follows the upgrade that writes it', async () => {
		const view = inTab();
		await view.open(plan);
		await store();
		new ChangeFeed(hub.join()).announce('upgrade');
		await vi.waitFor(() => expect(view.gate).toEqual(gateReport()));
	});

	test('shows why it cannot be read', async () => {
		const view = inTab();
		vi.spyOn(records, 'get').mockRejectedValueOnce(new AppError('storage/unavailable'));
		await view.open(plan);
		expect(view.error?.message).toBe(new AppError('storage/unavailable').message);
	});

	test('can be exported for people and for programs', async () => {
		await store();
		const view = inTab();
		await view.open(plan);
		expect(await view.export('markdown')).toMatch(/^# Quality report/);
		expect(JSON.parse((await view.export('json'))!)).toMatchObject({ gate: gateReport() });
	});
});

describe('votes', () => {
	test('are kept, and may be changed', async () => {
		await store();
		const view = inTab();
		await view.open(plan);
		await view.vote('one', 'new');
		await view.vote('two', 'old');
		await view.vote('two', 'same');
		expect(votes(view)).toEqual(['new', 'same']);
		const again = inTab();
		await again.open(plan);
		expect(votes(again)).toEqual(['new', 'same']);
	});

	test('of two tabs are both kept, and each sees the other', async () => {
		await store();
		const [one, two] = [inTab(), inTab()];
		await Promise.all([one.open(plan), two.open(plan)]);
		await one.vote('one', 'new');
		await two.vote('two', 'old');
		await vi.waitFor(() => expect(votes(one)).toEqual(['new', 'old']));
		expect(votes(two)).toEqual(['new', 'old']);
	});

	test('wait until everything is answered: the upgrade still writes', async () => {
		const prompts = [promptComparison('one', { new: null })];
		await store(answerReport({ prompts }));
		const view = inTab();
		await view.open(plan);
		expect(view.mayVote).toBe(false);
		await view.vote('one', 'new');
		expect((await records.get(answerReportStore, [plan]))?.prompts).toEqual(prompts);
	});
});
