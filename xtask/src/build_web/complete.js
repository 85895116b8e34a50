
// The second part, which shares all that the first one has.
const REST = "{{workbench_rest.wasm}}";
let rest;

function take(module) {
  new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
  wasm.is_complete.value = 1;
}

/** Loads what is not needed to type. */
export function complete() {
  rest ??= WebAssembly.compileStreaming(fetch(REST)).then(
    (module) => {
      if (wasm.is_complete.value === 0) take(module);
    },
    (error) => {
      rest = undefined;
      throw error;
    },
  );
  return rest;
}

/** Loads it while everything waits: something of it is called before it has come. */
function demand() {
  const request = new XMLHttpRequest();
  request.open("GET", REST, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  take(new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0))));
}
