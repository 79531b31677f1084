// Reads an OpenAPI document from the standard input and writes its types to the standard output.
import { text } from "node:stream/consumers";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const BLOB = ts.factory.createTypeReferenceNode("Blob");

const types = await openapiTS(await text(process.stdin), {
  rootTypes: true,
  rootTypesNoSchemaPrefix: true,
  transform: (schema) => (schema.format === "binary" ? BLOB : undefined),
});
process.stdout.write(astToString(types));
