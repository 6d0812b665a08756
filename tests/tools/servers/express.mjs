// express with express-openapi-validator, which is given our own document.
import express from "express";
import { middleware } from "express-openapi-validator";
import { failure, path, serve } from "./stack.mjs";

await serve((stack) => {
  const app = express();
  app.use(express.json());
  app.use(express.text());
  app.use(express.urlencoded({ extended: false }));
  app.use(middleware({ apiSpec: stack.document, validateRequests: { coerceTypes: stack.coerces } }));
  app.post(path, (request, response) => response.json(stack.change(request.body)));
  app.use((error, _request, response, _next) => {
    const status = error.status ?? 500;
    response.status(status).json(failure(status, error.message));
  });
  return app;
});
