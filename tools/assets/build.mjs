// Rebuilds the vendored assets: `npm ci && npm run build` in this folder.
// KERN's files are copied byte by byte; font files are cut to the letters the application needs,
// so that a first visit from a phone stays below 150 KB.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import subsetFont from "subset-font";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const root = join(here, "..", "..");
const vendor = join(root, "static", "vendor");
const e2e = join(root, "tests", "e2e", "vendor");

// The ranges double as `unicode-range`: a browser fetches a file only for letters found on the page.
const LATIN_EXTENDED = "U+0100-0130,U+0132-0151,U+0154-017F,U+018F,U+0192,U+01B5-01B6,U+0218-021B,U+0259,U+0306-0307,U+0327,U+1E24-1E25,U+1E2A-1E2B,U+1E62-1E63,U+1E6C-1E6D,U+1E92-1E93,U+20AB,U+20BA,U+20BC,U+20BE";
const LATIN = "U+0000-00FF,U+0131,U+0152-0153,U+02BB-02BC,U+02C6,U+02DA,U+02DC,U+0304,U+0308,U+0329,U+2000-206F,U+20AC,U+2122,U+2191,U+2193,U+2212,U+2215,U+FEFF,U+FFFD";
const CYRILLIC = "U+0301,U+0400-045F,U+0490-0491,U+04B0-04B1,U+2116";
const ARABIC = "U+0600-06FF,U+0750-077F,U+08A0-08FF,U+FB50-FDFF,U+FE70-FEFC";
const ETHIOPIC = "U+1200-139F";
const ALL_ETHIOPIC = "U+1200-139F,U+2D80-2DDF,U+AB01-AB2E";
const FONTS = [
  ["fira-sans", "Fira Sans", "latin", 400, LATIN],
  ["fira-sans", "Fira Sans", "latin", 600, LATIN],
  ["fira-sans", "Fira Sans", "latin-ext", 400, LATIN_EXTENDED],
  ["fira-sans", "Fira Sans", "latin-ext", 600, LATIN_EXTENDED],
  ["fira-sans", "Fira Sans", "cyrillic", 400, CYRILLIC],
  ["fira-sans", "Fira Sans", "cyrillic", 600, CYRILLIC],
  ["vazirmatn", "Vazirmatn", "arabic", 400, ARABIC],
  ["vazirmatn", "Vazirmatn", "arabic", 600, ARABIC],
  ["noto-sans-ethiopic", "Noto Sans Ethiopic", "ethiopic", 400, ETHIOPIC],
];

function characters(ranges) {
  let text = "";
  for (const range of ranges.split(",")) {
    const [from, to = from] = range.replace("U+", "").split("-").map((part) => parseInt(part, 16));
    for (let code = from; code <= to; code += 1) text += String.fromCodePoint(code);
  }
  return text;
}

function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

function fresh(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
}

function buildKern() {
  const target = join(vendor, "kern");
  const source = join(modules, "@kern-ux", "native");
  fresh(target);
  copyFileSync(join(source, "dist", "kern.min.css"), join(target, "kern.min.css"));
  copyFileSync(join(source, "LICENSE.md"), join(target, "LICENSE.md"));
  const css = readFileSync(join(target, "kern.min.css"));
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };
  writeFileSync(join(target, "kern.min.css.br"), brotliCompressSync(css, quality));
  writeFileSync(join(target, "kern.min.css.gz"), gzipSync(css, { level: 9 }));
}

async function buildFonts() {
  const target = join(vendor, "fonts");
  fresh(target);
  const faces = ["/* Built by tools/assets/build.mjs. Fetched by unicode-range, so only for letters on the page. */"];
  for (const [pack, family, subset, weight, ranges] of FONTS) {
    const name = `${pack}-${subset}-${weight}.woff2`;
    const source = join(modules, "@fontsource", pack, "files", `${pack}-${subset}-${weight}-normal.woff2`);
    const bytes = await subsetFont(readFileSync(source), characters(ranges), { targetFormat: "woff2" });
    writeFileSync(join(target, name), bytes);
    copyFileSync(join(modules, "@fontsource", pack, "LICENSE"), join(target, `LICENSE-${pack}.txt`));
    faces.push(
      `@font-face{font-family:"${family}";font-weight:${weight};font-display:swap;src:url(${name}?v=${sha256(bytes).slice(0, 12)}) format("woff2");unicode-range:${ranges}}`,
    );
  }
  writeFileSync(join(target, "fonts.css"), `${faces.join("\n")}\n`);
}

// Papers need whole files: WeasyPrint does not know `unicode-range` and would print wrong letters.
// Ethiopic comes as .woff2 only: it is rewritten as .ttf with all its letters.
async function buildDocumentFonts() {
  const target = join(vendor, "documents");
  fresh(target);
  for (const [pack, name] of [["noto-sans", "NotoSans"], ["vazirmatn", "Vazirmatn"]]) {
    const source = join(modules, "@expo-google-fonts", pack);
    for (const [weight, word] of [[400, "Regular"], [700, "Bold"]]) {
      copyFileSync(join(source, `${weight}${word}`, `${name}_${weight}${word}.ttf`), join(target, `${pack}-${weight}.ttf`));
    }
    copyFileSync(join(source, "LICENSE_FONT"), join(target, `LICENSE-${pack}.txt`));
  }
  const pack = "noto-sans-ethiopic";
  for (const weight of [400, 700]) {
    const source = join(modules, "@fontsource", pack, "files", `${pack}-ethiopic-${weight}-normal.woff2`);
    const bytes = await subsetFont(readFileSync(source), characters(ALL_ETHIOPIC), { targetFormat: "sfnt" });
    writeFileSync(join(target, `${pack}-${weight}.ttf`), bytes);
  }
  copyFileSync(join(modules, "@fontsource", pack, "LICENSE"), join(target, `LICENSE-${pack}.txt`));
}

function buildAxe() {
  fresh(e2e);
  for (const name of ["axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"]) {
    copyFileSync(join(modules, "axe-core", name), join(e2e, name));
  }
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name !== "CHECKSUMS")
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

function writeChecksums(folder) {
  const lines = files(folder)
    .map((path) => [relative(folder, path).replaceAll("\\", "/"), readFileSync(path)])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, bytes]) => `${sha256(bytes)}  ${name}`);
  writeFileSync(join(folder, "CHECKSUMS"), `${lines.join("\n")}\n`);
}

buildKern();
await buildFonts();
await buildDocumentFonts();
buildAxe();
writeChecksums(vendor);
writeChecksums(e2e);
