import type { PythonTools } from "../analysis/python.ts";

/** schemathesis: requests made from the OpenAPI document, right ones and wrong ones. */
export const SCHEMATHESIS: PythonTools = {
  title: "schemathesis",
  environment: ".venv-schemathesis",
  requirements: "scripts/schemathesis/requirements.txt",
};
