// Validates payloads with ajv, an independent judge in ECMAScript's own regular expressions.
// Reads {schema, payloads} from standard input, writes a list of booleans. Of {schema, bodies},
// where each body is base64, it writes what the bytes are: "not UTF-8", "not JSON", "wrong", or
// "right" - so that what lies in the spelling alone reaches this judge as well. Of {rows}, each of
// which is a schema with one such body, it writes the same.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";

const { schema, payloads, bodies, rows } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv2020({ strict: true, allErrors: true, unicodeRegExp: true });
addFormats(ajv);
let validate = ajv.compile(schema ?? true);
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function judged(read, bytes, otherwise) {
  try {
    return [read(bytes), null];
  } catch {
    return [null, otherwise];
  }
}

function body(base64) {
  const [text, noText] = judged((bytes) => utf8.decode(bytes), Buffer.from(base64, "base64"), "not UTF-8");
  if (noText) return noText;
  const [payload, noJson] = judged(JSON.parse, text, "not JSON");
  return noJson ?? (validate(payload) ? "right" : "wrong");
}

function row(one) {
  validate = ajv.compile(one.schema);
  return body(one.body);
}

const said = rows ? rows.map(row) : bodies?.map(body);
process.stdout.write(JSON.stringify(payloads ? payloads.map((one) => validate(one)) : said));
