// A page to try the API, made from the document that the server publishes. All text is set as
// text, never as HTML.
"use strict";

/** Makes an element with attributes and children. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  made.append(...children);
  return made;
}

/** Follows `$ref`, and the one schema of an `allOf` or the first of a `oneOf` that is no null. */
function resolve(api, schema) {
  if (schema?.$ref) {
    return resolve(api, schema.$ref.slice(2).split("/").reduce((at, key) => at?.[key], api));
  }
  const choices = schema?.allOf ?? schema?.oneOf ?? schema?.anyOf;
  const choice = choices?.find((it) => it.type !== "null");
  return choice ? resolve(api, choice) : (schema ?? {});
}

/** A value that a schema allows, for the person to change. */
function example(api, given, depth = 0) {
  const schema = resolve(api, given);
  const type = [schema.type].flat().find((it) => it !== "null");
  if (schema.enum) return schema.enum[0];
  if (depth > 5) return null;
  if (type === "object" || schema.properties) {
    const fields = Object.entries(schema.properties ?? {});
    return Object.fromEntries(fields.map(([name, it]) => [name, example(api, it, depth + 1)]));
  }
  if (type === "array") return [];
  if (type === "integer" || type === "number") return schema.minimum ?? 0;
  if (type === "boolean") return false;
  return type === "string" ? "" : null;
}

function parameterField(parameter) {
  const input = element("input", {
    name: parameter.name,
    required: parameter.required ?? false,
    autocomplete: "off",
  });
  const name = element("span", { className: input.required ? "required" : "" }, parameter.name);
  const about = parameter.description ? `: ${parameter.description}` : "";
  return element("label", {}, element("span", {}, name, about), input);
}

function address(path, parameters, form) {
  const query = new URLSearchParams();
  let url = path;
  for (const { name, in: place } of parameters) {
    const value = form.elements.namedItem(name).value;
    if (place === "path") url = url.replace(`{${name}}`, encodeURIComponent(value));
    else if (value) query.set(name, value);
  }
  return query.size ? `${url}?${query}` : url;
}

async function send(method, url, body) {
  const headers = method === "GET" ? {} : { "content-type": "application/json" };
  const answer = await fetch(url, { method, headers, body });
  const text = await answer.text();
  const isJson = answer.headers.get("content-type")?.startsWith("application/json");
  const shown = isJson && text ? JSON.stringify(JSON.parse(text), null, 2) : text;
  return `${method} ${url}\n${answer.status} ${answer.statusText}\n\n${shown}`;
}

function operationForm(api, path, method, operation) {
  const parameters = operation.parameters ?? [];
  const form = element("form", {}, ...parameters.map(parameterField));
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const body = schema && element("textarea", {
    spellcheck: false,
    value: JSON.stringify(example(api, schema), null, 2),
  });
  if (body) form.append(element("label", {}, "Body", body));
  form.append(element("button", {}, "Send"));
  const shown = element("pre", { hidden: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    shown.hidden = false;
    shown.textContent = "…";
    const url = address(path, parameters, form);
    shown.textContent = await send(method, url, body?.value).catch((error) => `${error}`);
  });
  return [form, shown];
}

function route(api, path, method, operation) {
  const summary = element(
    "summary", {},
    element("strong", {}, method), element("code", {}, path), operation.summary ?? "",
  );
  const details = element("details", {}, summary);
  details.dataset.text = `${method} ${path} ${operation.summary}`.toLowerCase();
  // Most are never opened.
  details.addEventListener("toggle", () => {
    const about = element("p", {}, operation.description ?? "");
    details.append(about, ...operationForm(api, path, method, operation));
  }, { once: true });
  return details;
}

function section(api, { name, description }) {
  const routes = Object.entries(api.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, operation]) => operation.tags?.includes(name))
      .map(([method, operation]) => route(api, path, method.toUpperCase(), operation)));
  return element("section", {}, element("h2", {}, name), element("p", {}, description), ...routes);
}

function show(api) {
  document.getElementById("about").textContent = api.info.description;
  const sections = api.tags.map((tag) => section(api, tag));
  document.getElementById("routes").replaceChildren(...sections);
  document.getElementById("filter").addEventListener("input", ({ target }) => {
    const wanted = target.value.toLowerCase();
    for (const details of document.querySelectorAll("details")) {
      details.hidden = !details.dataset.text.includes(wanted);
    }
  });
}

fetch("/api/openapi.json")
  .then((answer) => answer.json())
  .then(show, (error) => { document.getElementById("routes").textContent = `${error}`; });
