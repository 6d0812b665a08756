// What `nock.recorder` writes: stubs made of what was sent, each without what was asked for.
//   node nock.mjs <REQUESTS >OUT
import nock from "nock";

import { plannedRequests, play } from "./players.mjs";

const requests = await plannedRequests();
nock.recorder.rec({ dont_print: true, output_objects: true, enable_reqheaders_recording: true });
await play(requests);
process.stdout.write(JSON.stringify(nock.recorder.play(), null, 2));
