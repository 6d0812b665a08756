// The client of the traffic script for Node's own `http`, which several recorders listen to.
import http from "node:http";

// Reads the requests that `tests/recorders/traffic_script.py` writes for players.
export async function plannedRequests() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

export async function play(requests) {
  for (const request of requests) {
    try {
      await send(request);
    } catch (error) {
      if (!request.abort) throw error;
    }
  }
}

function send({ method, url, headers, body, timeout }) {
  return new Promise((resolve, reject) => {
    const length = body === null ? {} : { "Content-Length": Buffer.byteLength(body) };
    const request = http.request(url, { method, headers: { ...headers, ...length } }, (response) => {
      response.on("data", () => {});
      response.on("end", () => { clearTimeout(patience); resolve(); });
      response.on("error", reject);
    });
    const patience = setTimeout(() => request.destroy(new Error("gave up")), timeout * 1000);
    request.on("error", (error) => { clearTimeout(patience); reject(error); });
    request.end(body ?? undefined);
  });
}
