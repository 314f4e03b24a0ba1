// Writes the bundle that the integration serves; with --verify it only tells whether the one that is
// committed is what these sources make, byte for byte, and whether it is small enough.
import { build } from "esbuild";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const OUT = fileURLToPath(new URL("../custom_components/plant_vita/frontend/", import.meta.url));
// Of what every dashboard loads, and of what is loaded when somebody opens a plant's photos.
const LATER = "plant-vita-photos.js";
const MOST_GZIPPED = 20 * 1024;
const NOTICE = "/*! Plant Vita. Contains Lit, (c) Google LLC, BSD-3-Clause */";

// What stands in a template is not code to esbuild, and half of it is indentation.
const css = (text) => text.replace(/\s+/g, " ").replace(/ ?([{};,]) ?/g, "$1");
const squeeze = {
  name: "squeeze",
  setup({ onLoad }) {
    onLoad({ filter: /\/src\/[^/]*\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8").replace(/css`[^`]*`/g, css).replace(/\n[ \t]+/g, "\n"),
    }));
  },
};

const { outputFiles } = await build({
  entryPoints: {
    "plant-vita": "src/entry.ts",
    "plant-vita-main": "src/main.ts",
    "plant-vita-photos": "src/photos.ts",
  },
  absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
  outdir: OUT,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  charset: "utf8",
  legalComments: "none",
  banner: { js: NOTICE },
  plugins: [squeeze],
  write: false,
});

const wrong = [];
const verify = process.argv.includes("--verify");
const gzipped = { first: 0, later: 0 };
if (!verify) mkdirSync(OUT, { recursive: true });
for (const { path, contents } of outputFiles) {
  gzipped[basename(path) === LATER ? "later" : "first"] += gzipSync(contents, { level: 9 }).length;
  if (!verify) writeFileSync(path, contents);
  else if (!same(path, contents)) wrong.push(`${basename(path)} is not what the sources make`);
}
const made = outputFiles.map(({ path }) => basename(path));
for (const name of readdirSync(OUT)) {
  if (!made.includes(name)) wrong.push(`${name} comes from nowhere`);
}
for (const [when, size] of Object.entries(gzipped)) {
  if (size > MOST_GZIPPED) wrong.push(`${when}: ${size} bytes gzipped are more than ${MOST_GZIPPED}`);
}
const sizes = `${gzipped.first} bytes gzipped, ${gzipped.later} more on demand`;
console.log(`${made.map((name) => join("frontend", name)).join(", ")}: ${sizes}`);
for (const problem of wrong) console.error(problem);
process.exit(wrong.length ? 1 : 0);

function same(path, contents) {
  try {
    return Buffer.compare(readFileSync(path), contents) === 0;
  } catch {
    return false;
  }
}
