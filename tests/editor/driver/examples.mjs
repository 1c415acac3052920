// What is known of examples/: its files, and what their functions become.

export const PRICING = 'src/shop/pricing.py';
export const ANALYSER = 'src/logs/analyser.py';

/** The file with order_total as it should be. */
export function repaired(text) {
  return text.replace('if amount >= FREE_SHIPPING_FROM', 'if goods >= FREE_SHIPPING_FROM');
}
