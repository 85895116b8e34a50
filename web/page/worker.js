// The language server's worker: loads its WebAssembly and passes messages.
import init from "{{lsp_server.js}}";

await init({ module_or_path: "{{lsp_server.wasm}}" });
