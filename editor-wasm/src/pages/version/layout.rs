//! Where the parts of the workbench stand: files and outline left, deploy right, problems below.

use std::rc::Rc;

use yew::prelude::*;

use super::drawer::Drawer;
use super::dropping;
use super::files::FileList;
use super::live::Live;
use super::notes::notes;
use super::outline::Outline;
use super::problems::Problems;
use super::save::SaveDialog;
use super::status::Status;
use super::uri;
use super::workbench::{Msg, Workbench};
use crate::pages::deploy::{DeployPanel, Follower};
use crate::view::Editor;

impl Workbench {
    /// Draws everything.
    pub(super) fn lay_out(&self, ctx: &Context<Self>) -> Html {
        let has_drawer = self.drawer.is_some();
        let on_key = ctx.link().batch_callback(move |event: KeyboardEvent| {
            (has_drawer && event.key() == "Escape").then_some(Msg::ShutDrawer)
        });
        let on_drop = {
            let link = ctx.link().clone();
            Callback::from(move |event: DragEvent| {
                let files = dropping::files(&event);
                if !files.is_empty() {
                    event.prevent_default();
                    link.send_future(async { Msg::Dropped(dropping::read(files).await) });
                }
            })
        };
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <div
                class={classes!("workbench", self.drawer.map(Drawer::class))}
                onkeydown={on_key}
                ondragover={|event: DragEvent| event.prevent_default()}
                ondrop={on_drop}
            >
                <div class="drawer-shade" onclick={link.callback(|_| Msg::ShutDrawer)} />
                { self.view_side(ctx) }
                <main class="center">
                    { self.view_bar(ctx) }
                    <div class="editor-area">{ self.view_editor(ctx) }</div>
                    <Problems
                        draft_key={props.draft_key.clone()}
                        lsp={props.lsp.clone()}
                        on_problem={link.callback(|(file, range)| Msg::ShowProblem(file, range))}
                    />
                    <Status
                        lsp={props.lsp.clone()}
                        caret={self.caret.clone()}
                        trail={Rc::clone(&self.trail)}
                        on_step={link.callback(Msg::Reveal)}
                    />
                </main>
                { self.view_deploy(ctx) }
                <Live
                    project={props.draft_key.project.clone()}
                    set={props.draft_key.set.clone()}
                    environment={self.environment.clone()}
                    is_deploying={self.deploy.as_ref().is_some_and(Follower::is_running)}
                    lsp={props.lsp.clone()}
                />
                if self.is_naming {
                    { self.view_save(ctx) }
                }
            </div>
        }
    }

    fn view_side(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        html! {
            <nav class="side" id="files" aria-label="Files and outline">
                <FileList
                    files={self.keeper.paths()}
                    shown={self.path.clone()}
                    changed={self.keeper.changed()}
                    on_open={link.callback(|path| Msg::Open(path, None))}
                    on_new_file={link.callback(Msg::NewFile)}
                    on_remove_file={link.callback(Msg::RemoveFile)}
                />
                <Outline items={Rc::clone(&self.outline)} on_open={link.callback(Msg::Reveal)} />
            </nav>
        }
    }

    fn view_bar(&self, ctx: &Context<Self>) -> Html {
        let link = ctx.link();
        let is_unsaved = self.keeper.is_unsaved();
        html! {
            <div class="editor-bar">
                { Drawer::Files.button(self.drawer, &link.callback(Msg::Toggle)) }
                <h1 class="path">{ &self.path }</h1>
                if !self.refused.is_empty() {
                    <span class="failure" role="alert">{ &self.refused }</span>
                }
                if is_unsaved {
                    <span class="unsaved" role="status">{ "● unsaved, kept in this browser" }</span>
                }
                <span class="spacer" />
                if is_unsaved && ctx.props().saved.version.is_some() {
                    <button class="quiet" onclick={link.callback(|_| Msg::Discard)}>{ "Discard" }<span class="roomy">{ " changes" }</span></button>
                }
                <button
                    class={classes!(is_unsaved.then_some("primary"))}
                    onclick={link.callback(|_| Msg::AskName)}
                    title="Ctrl+S"
                >{ "Save" }<span class="roomy">{ " as version" }</span>{ "…" }</button>
                { Drawer::Deploy.button(self.drawer, &link.callback(Msg::Toggle)) }
            </div>
        }
    }

    fn view_editor(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        let watched = self.deploy.as_ref().filter(|it| it.is_running());
        let objects = watched.and_then(Follower::objects);
        html! {
            <Editor
                uri={uri::of(&props.draft_key, &self.path)}
                text={self.text.clone()}
                label={format!("{}, YAML editor", self.path)}
                lsp={props.lsp.clone()}
                notes={notes(&props.saved, &self.path, objects.as_deref().unwrap_or_default())}
                on_ready={link.callback(Msg::Ready)}
                on_change={link.callback(Msg::Typed)}
                on_caret={link.callback(Msg::CaretMoved)}
                on_navigate={link.callback(Msg::Navigate)}
                on_edits={link.callback(|(uri, edits)| Msg::EditedElsewhere(uri, edits))}
            />
        }
    }

    fn view_deploy(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <DeployPanel
                project={props.draft_key.project.clone()}
                set={props.draft_key.set.clone()}
                version={props.saved.version.as_ref().map(|version| version.name.clone())}
                is_unsaved={self.keeper.is_unsaved()}
                wish={self.wish.clone()}
                followed={self.deploy.as_ref().map(Follower::state)}
                on_environment={link.callback(Msg::Environment)}
                on_started={link.callback(Msg::DeployStarted)}
                on_again={link.callback(|()| Msg::BackToPreview)}
            />
        }
    }

    fn view_save(&self, ctx: &Context<Self>) -> Html {
        let (props, link) = (ctx.props(), ctx.link());
        html! {
            <SaveDialog
                draft_key={props.draft_key.clone()}
                parent={props.saved.version.as_ref().map(|version| version.name.clone())}
                files={self.keeper.files()}
                on_saved={link.callback(Msg::Saved)}
                on_close={link.callback(|()| Msg::CloseDialog)}
            />
        }
    }
}
