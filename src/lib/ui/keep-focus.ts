import type { Attachment } from 'svelte/attachments';

/**
 * Keeps the place of whoever works with the keyboard: when the focused element inside is removed or disabled, the
 * focus goes to `fallback()` instead of falling back to the start of the page. Does nothing when that is null, or
 * when the focus has gone elsewhere by itself.
 */
export function keepFocus(fallback: () => HTMLElement | null | undefined): Attachment<HTMLElement> {
	return (container) => {
		let focused: Element | null = null;
		const remember = ({ target }: FocusEvent): void => {
			focused = target instanceof Element ? target : null;
		};
		const mend = (): void => {
			const lost = focused;
			if (!lost || (lost.isConnected && !lost.matches(':disabled'))) return;
			focused = null;
			const active = document.activeElement;
			if (active === document.body || active === lost) fallback()?.focus();
		};
		const observer = new MutationObserver(mend);
		container.addEventListener('focusin', remember);
		observer.observe(container, {
			childList: true,
			subtree: true,
			attributes: true,
			attributeFilter: ['disabled']
		});
		return () => {
			observer.disconnect();
			container.removeEventListener('focusin', remember);
		};
	};
}
