// koa with koa-bodyparser, and ajv for the payload's schema.
import Ajv2020 from "ajv/dist/2020.js";
import Koa from "koa";
import bodyParser from "koa-bodyparser";
import { failure, path, serve } from "./stack.mjs";

await serve((stack) => {
  const validate = new Ajv2020({ strict: false, coerceTypes: stack.coerces }).compile(stack.schema);
  const app = new Koa();
  app.use(async (context, next) => {
    try {
      await next();
    } catch (error) {
      context.status = error.status ?? 500;
      context.body = failure(context.status, error.message);
    }
  });
  app.use(bodyParser());
  app.use((context) => {
    if (context.path !== path) return;
    if (context.method !== "POST") context.throw(405);
    if (!validate(context.request.body)) context.throw(400, validate.errors[0].message);
    context.body = stack.change(context.request.body);
  });
  return app.callback();
});
