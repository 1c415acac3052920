// Draws icon.png: a curve, and the secant line that crosses it. Each pixel is the mean of a grid of samples.

import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const SIZE = 256;
const SAMPLES = 4;
const [PLATE, EDGE, CURVE, LINE, POINT] = [
  [0x12, 0x34, 0x3b],
  [0x1b, 0x4a, 0x53],
  [0x7f, 0xd1, 0xc4],
  [0xff, 0xb4, 0x54],
  [0xff, 0xff, 0xff],
];

// All in units of the icon's width, with y growing downward: a parabola, and the line through two of its points.
const curve = (x) => [x, 0.24 + 3.1 * (x - 0.44) ** 2];
const [FIRST, SECOND] = [curve(0.2), curve(0.79)];
const along = (part) => FIRST.map((from, axis) => from + part * (SECOND[axis] - from));
const LINE_PATH = [along(-0.16), along(1.16)];
const CURVE_PATH = Array.from({ length: 41 }, (_, step) => curve(0.135 + 0.0181 * step));

function color(x, y) {
  if (rounded(x, y) > 0) {
    return [0, 0, 0, 0];
  }
  const near = Math.min(...[FIRST, SECOND].map(([px, py]) => Math.hypot(x - px, y - py)));
  const front = near < 0.052 ? POINT : distance(LINE_PATH, x, y) < 0.024 ? LINE : undefined;
  const [red, green, blue] = front ?? (distance(CURVE_PATH, x, y) < 0.027 ? CURVE : plate(y));
  return [red, green, blue, 255];
}

/** To the nearest segment of a path, so that its ends are round. */
function distance(path, x, y) {
  let least = Number.POSITIVE_INFINITY;
  for (let index = 1; index < path.length; index += 1) {
    const [[ax, ay], [bx, by]] = [path[index - 1], path[index]];
    const [dx, dy] = [bx - ax, by - ay];
    const part = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    least = Math.min(least, Math.hypot(x - ax - part * dx, y - ay - part * dy));
  }
  return least;
}

const plate = (y) => PLATE.map((from, channel) => EDGE[channel] + (from - EDGE[channel]) * y);

/** Distance to a square with round corners; negative within. */
function rounded(x, y, radius = 0.2) {
  const [dx, dy] = [x, y].map((each) => Math.abs(each - 0.5) - 0.5 + radius);
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - radius;
}

function pixel(column, row) {
  const sum = [0, 0, 0, 0];
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const x = (column + ((sample % SAMPLES) + 0.5) / SAMPLES) / SIZE;
    const y = (row + (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) / SIZE;
    const [red, green, blue, alpha] = color(x, y);
    sum[0] += red * alpha;
    sum[1] += green * alpha;
    sum[2] += blue * alpha;
    sum[3] += alpha;
  }
  const colors = sum.slice(0, 3).map((each) => (sum[3] === 0 ? 0 : Math.round(each / sum[3])));
  return [...colors, Math.round(sum[3] / SAMPLES ** 2)];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

const rows = Buffer.alloc(SIZE * (1 + 4 * SIZE));
for (let row = 0; row < SIZE; row += 1) {
  for (let column = 0; column < SIZE; column += 1) {
    rows.set(pixel(column, row), row * (1 + 4 * SIZE) + 1 + 4 * column);
  }
}
const header = Buffer.alloc(13);
header.writeUInt32BE(SIZE, 0);
header.writeUInt32BE(SIZE, 4);
header.set([8, 6, 0, 0, 0], 8); // 8 bits per channel, red green blue alpha
const image = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
  chunk('IHDR', header),
  chunk('IDAT', deflateSync(rows, { level: 9 })),
  chunk('IEND', Buffer.alloc(0)),
]);
writeFileSync(join(dirname(dirname(fileURLToPath(import.meta.url))), 'icon.png'), image);
