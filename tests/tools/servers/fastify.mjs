// fastify with the payload's schema; it converts nothing.
import Fastify from "fastify";
import { failure, path, serve } from "./stack.mjs";

await serve(async (stack) => {
  const app = Fastify({ ajv: { customOptions: { coerceTypes: stack.coerces } } });
  app.setErrorHandler((error, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.status(status).send(failure(status, error.message));
  });
  // Its ajv reads the dialect before 2020-12, whose keywords are the same here.
  const { $schema: _, ...body } = stack.schema;
  app.post(path, { schema: { body } }, async (request) => stack.change(request.body));
  await app.ready();
  return app.routing;
});
