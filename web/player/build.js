// Builds dist/ from src/; with --check, fails when the committed dist/ is not what the sources give.
import { build } from "esbuild";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

const result = await build({
  absWorkingDir: here,
  entryPoints: { player: "src/main.jsx" },
  outdir: "dist",
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  format: "iife",
  globalName: "swaptwin",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"', global: "globalThis" },
  logLevel: "warning",
});

/** Folder of the npm package a bundled file belongs to. */
function packageOf(input) {
  const match = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
  return match && match[1];
}

async function notices(metafile) {
  const inputs = Object.values(metafile.outputs).flatMap((output) =>
    Object.entries(output.inputs)
      .filter(([, use]) => use.bytesInOutput > 0)
      .map(([input]) => input),
  );
  const folders = [...new Set(inputs.map(packageOf).filter(Boolean))].sort();
  const parts = ["Packages bundled in player.js, with their licences.\n"];
  for (const folder of folders) {
    const info = JSON.parse(await readFile(join(here, folder, "package.json"), "utf8"));
    parts.push(`\n${"=".repeat(80)}\n${info.name} ${info.version} (${info.license})\n\n${await licence(folder)}\n`);
  }
  return parts.join("");
}

async function licence(folder) {
  for (const name of ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE", "license", "License"]) {
    try {
      return (await readFile(join(here, folder, name), "utf8")).replace(/\r/g, "").trim();
    } catch {
      // the next name
    }
  }
  return "No licence file in the package; the licence is the one named above.";
}

const outputs = new Map(result.outputFiles.map((file) => [resolve(file.path), Buffer.from(file.contents)]));
outputs.set(join(dist, "THIRD_PARTY.txt"), Buffer.from(await notices(result.metafile)));
for (const name of ["icon.svg", "session.js"]) outputs.set(join(dist, name), await readFile(join(here, "src", name)));

if (process.argv.includes("--check")) {
  const stale = [];
  for (const [path, contents] of outputs) {
    const committed = await readFile(path).catch(() => null);
    if (!committed || !committed.equals(contents)) stale.push(path);
  }
  if (stale.length) {
    console.error(`not what src/ builds, run "npm run build": ${stale.join(", ")}`);
    process.exit(1);
  }
} else {
  await mkdir(dist, { recursive: true });
  for (const [path, contents] of outputs) await writeFile(path, contents);
  for (const [path, contents] of outputs) console.log(`${path.slice(here.length + 1)}  ${contents.length} bytes`);
}
