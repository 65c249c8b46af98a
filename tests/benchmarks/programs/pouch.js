// PouchDB with its server: `serve PORT FOLDER`, or `sync PORT FILE FOLDER`, which prints how long both ways took, and the
// processor's work: a line as it begins, and one each way.
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

async function timed(way, act) {
  const start = performance.now();
  const before = process.cpuUsage();
  await act();
  const used = process.cpuUsage(before);
  const work_ms = (used.user + used.system) / 1000;
  console.log(JSON.stringify({ [`${way}_ms`]: performance.now() - start, [`${way}_work_ms`]: work_ms }));
}

async function sync(port, file, folder) {
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  const one = new PouchDB(path.join(folder, "one"));
  await one.bulkDocs(lines.map((line, number) => ({ _id: String(number).padStart(9, "0"), ...JSON.parse(line) })));
  const remote = new PouchDB(`http://127.0.0.1:${port}/records`);
  const two = new PouchDB(path.join(folder, "two"));
  const options = { batch_size: 1000 };
  console.log("{}");
  await timed("push", () => one.replicate.to(remote, options));
  await timed("pull", () => two.replicate.from(remote, options));
  const here = (await two.info()).doc_count;
  if (here !== lines.length) throw new Error(`${here} of ${lines.length} came`);
  process.exit(0);
}

const [what, ...given] = process.argv.slice(2);
(what === "serve" ? serve : sync)(...given);
