// Validates JSON reports with Ajv: node json.mjs TOOLS SCHEMA FILE... TOOLS is the folder that npm installed into.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [tools, schema, ...files] = process.argv.slice(2);
const Ajv = createRequire(tools + "/package.json")("ajv/dist/2020.js").default;
const validate = new Ajv({ strict: true, allErrors: true }).compile(JSON.parse(readFileSync(schema, "utf8")));
for (const file of files) {
  if (validate(JSON.parse(readFileSync(file, "utf8")))) continue;
  console.log(validate.errors.map((error) => `${file}: ${error.instancePath || "/"} ${error.message}`).join("\n"));
  process.exitCode = 1;
}
