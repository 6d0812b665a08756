// Validates payloads with ajv, an independent judge in ECMAScript's own regular expressions.
// Reads {schema, payloads} from standard input, writes a list of booleans.
import Ajv2020 from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { readFileSync } from "node:fs";

const { schema, payloads } = JSON.parse(readFileSync(0, "utf8"));
const ajv = new Ajv2020({ strict: true, allErrors: true, unicodeRegExp: true });
addFormats(ajv);
const validate = ajv.compile(schema);
process.stdout.write(JSON.stringify(payloads.map((payload) => validate(payload))));
