// What the servers beside this file share: their responses, their mistakes, their command line.
// node NAME.mjs, with {document, schema, mistakes} on standard input: the first two as
// `enkash-contract` prints them. There is one server without a mistake, called "", and one for each
// mistake; once all listen, their addresses are written to standard output, by name.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";

export const path = "/api/v0/invoice/req-status-change-invoice";

export function failure(status, reason) {
  return { payload: String(reason).slice(0, 200), response_code: status, response_message: "FAILED" };
}

function spoil({ properties, required }, mistake) {
  const { objectId, supplierInvoiceNumber: number, supplierRemarks: remarks } = properties;
  if (mistake === "unanchored-pattern") objectId.pattern = objectId.pattern.replace(/\$$/, "");
  if (mistake === "length-off-by-one") number.pattern = number.pattern.replace("50", "51");
  if (mistake === "missing-accepted") required.splice(required.indexOf("supplierRemarks"), 1);
  if (mistake === "null-accepted") remarks.type = ["string", "null"];
}

class Stack {
  constructor(printed, mistake) {
    this.mistake = mistake;
    this.coerces = mistake === "number-coerced";
    this.document = structuredClone(printed.document);
    this.schema = structuredClone(printed.schema);
    spoil(this.document.components.schemas.InvoiceStatus, mistake);
    spoil(this.schema.properties.invoiceStatus, mistake);
  }

  change({ b2bIds }) {
    const beyond = /[^\x00-\x7f]/.test(b2bIds.buyerB2BId);
    if (this.mistake === "crash" && beyond) throw new RangeError("not ASCII");
    const code = this.mistake === "code-as-string" ? "0" : 0;
    return { payload: "SUCCESS", response_code: code, response_message: "SUCCESS" };
  }
}

export async function serve(build) {
  const { mistakes, ...printed } = JSON.parse(readFileSync(0, "utf8"));
  const addresses = {};
  for (const mistake of ["", ...mistakes]) {
    const server = createServer(await build(new Stack(printed, mistake)));
    await once(server.listen(0, "127.0.0.1"), "listening");
    addresses[mistake] = `http://127.0.0.1:${server.address().port}`;
  }
  console.log(JSON.stringify(addresses));
}
