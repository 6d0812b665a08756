// express with a zod schema written by hand, and express' own pages for what is no JSON.
import express from "express";
import { z } from "zod";
import { failure, path, serve } from "./stack.mjs";

function model(mistake) {
  const is = (name) => mistake === name;
  const word = z.string().min(1);
  const text = (most) => z.string().regex(new RegExp(`^[^\\\\"]{1,${most}}$`, "u"));
  const version = (is("number-coerced") ? z.coerce.number() : z.number()).int().min(1);
  const end = is("unanchored-pattern") ? "" : "$";
  let remarks = text(100);
  if (is("missing-accepted")) remarks = remarks.optional();
  if (is("null-accepted")) remarks = remarks.nullable();
  return z.object({
    device: z.object({ tag: z.object({ name: word, value: word }) }),
    b2bIds: z.object({ buyerB2BId: text(100), supplierB2BId: text(100) }),
    invoiceStatus: z.object({
      objectId: z.string().regex(new RegExp(`^[INV]{3}[A-Za-z0-9]{32}${end}`)),
      supplierInvoiceNumber: text(is("length-off-by-one") ? 51 : 50),
      objectVersion: z.object({ currentVersion: version, newVersion: version }),
      supplierAction: word,
      supplierRemarks: remarks,
      statusTransition: z.object({ currentStatus: word, newStatus: word }),
    }),
  });
}

await serve((stack) => {
  const change = model(stack.mistake);
  const app = express();
  app.set("env", "test"); // which keeps its errors out of the log
  app.use(express.json());
  app.post(path, (request, response) => {
    const read = change.safeParse(request.body);
    if (read.success) return response.json(stack.change(read.data));
    const [issue] = read.error.issues;
    return response.status(422).json(failure(422, `${issue.path.join(".")}: ${issue.message}`));
  });
  return app;
});
