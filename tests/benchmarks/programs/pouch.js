// PouchDB with its server: `serve PORT FOLDER`, or `sync PORT FILE FOLDER`, which prints how long both ways took.
// Started in the folder where npm put them. FILE holds one record a line, as JSON.
"use strict";
const fs = require("fs");
const path = require("path");
const found = require("module").createRequire(path.join(process.cwd(), "index.js"));
const PouchDB = found("pouchdb");

function serve(port, folder) {
  const app = found("express")();
  const kept = PouchDB.defaults({ prefix: folder + path.sep });
  app.use("/", found("express-pouchdb")(kept, { mode: "minimumForPouchDB", inMemoryConfig: true }));
  app.listen(Number(port), "127.0.0.1", () => console.log("ready"));
}

async function timed(act) {
  const start = performance.now();
  await act();
  return performance.now() - start;
}

async function sync(port, file, folder) {
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  const one = new PouchDB(path.join(folder, "one"));
  await one.bulkDocs(lines.map((line, number) => ({ _id: String(number).padStart(9, "0"), ...JSON.parse(line) })));
  const remote = new PouchDB(`http://127.0.0.1:${port}/records`);
  const two = new PouchDB(path.join(folder, "two"));
  const options = { batch_size: 1000 };
  const push_ms = await timed(() => one.replicate.to(remote, options));
  const pull_ms = await timed(() => two.replicate.from(remote, options));
  const here = (await two.info()).doc_count;
  if (here !== lines.length) throw new Error(`${here} of ${lines.length} came`);
  console.log(JSON.stringify({ push_ms, pull_ms }));
  process.exit(0);
}

const [what, ...given] = process.argv.slice(2);
(what === "serve" ? serve : sync)(...given);
