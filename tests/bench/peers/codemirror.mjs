// CodeMirror 6 with YAML: no language server, no schemas.
import { yaml } from "@codemirror/lang-yaml";
import { SearchQuery, openSearchPanel, replaceAll, setSearchQuery } from "@codemirror/search";
import { EditorView, basicSetup } from "codemirror";

const view = new EditorView({
  doc: "",
  extensions: [basicSetup, yaml()],
  parent: document.getElementById("editor"),
});
view.focus();

window.editor = {
  focus: () => view.focus(),
  lines: () => view.state.doc.lines,
  replaceAll(search, replace) {
    openSearchPanel(view);
    view.dispatch({ effects: setSearchQuery.of(new SearchQuery({ search, replace })) });
    replaceAll(view);
  },
  scroller: () => view.scrollDOM,
};
