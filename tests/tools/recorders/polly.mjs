// Polly.js as tests of Node programs use it: the adapter of `http`, and files as the store.
//   node polly.mjs FOLDER <REQUESTS
import nodeHttp from "@pollyjs/adapter-node-http";
import { Polly } from "@pollyjs/core";
import fsPersister from "@pollyjs/persister-fs";

import { plannedRequests, play } from "./players.mjs";

const requests = await plannedRequests();
Polly.register(nodeHttp);
Polly.register(fsPersister);
const polly = new Polly("traffic", {
  adapters: ["node-http"],
  persister: "fs",
  persisterOptions: { fs: { recordingsDir: process.argv[2] } },
  recordFailedRequests: true,
  logLevel: "silent",
});
await play(requests);
await polly.stop();
