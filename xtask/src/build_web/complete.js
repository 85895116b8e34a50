
// The second part, which shares all that the first one has.
let address, rest;

/** Tells where the second part stands. */
export function restAt(url) {
  address = url;
}

function take(module) {
  new WebAssembly.Instance(module, { ...__wbg_get_imports(), first: wasm });
  wasm.is_complete.value = 1;
}

/** Loads the second part. */
export function complete() {
  rest ??= WebAssembly.compileStreaming(fetch(address)).then(
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
  request.open("GET", address, false);
  request.overrideMimeType("text/plain; charset=x-user-defined");
  request.send();
  take(new WebAssembly.Module(Uint8Array.from(request.responseText, (c) => c.charCodeAt(0))));
}
