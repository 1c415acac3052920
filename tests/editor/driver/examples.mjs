// What is known of examples/: its files, and what their functions become.

export const PRICING = 'src/shop/pricing.py';
export const ANALYSER = 'src/logs/analyser.py';

/** The file with order_total as it should be. */
export function repaired(text) {
  return text.replace('if amount >= FREE_SHIPPING_FROM', 'if goods >= FREE_SHIPPING_FROM');
}

export const PARCELS = 'problems/parcels.md';

/** The file with the parcels in two boxes, as tests/editor/cassettes/parcels.jsonl packs them. */
export function packed(text) {
  const solution = /(?<=## Solution\n\n)[^]*?(?=\n## Notes)/;
  const boxes = 'Box 1: 9 + 7 + 4\nBox 2: 8 + 6 + 5 + 1\n';
  return text.replace(solution, `Together they weigh 40 kg, so two boxes must both be full.\n\n${boxes}\nAnswer: 2\n`);
}
