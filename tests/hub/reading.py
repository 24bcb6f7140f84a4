"""What the hub answers to those who read: info, refs, trees, files."""

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response

from tests.hub.repo import File, Repo, describe, list_tree

if TYPE_CHECKING:
    from tests.hub.state import State

PAGE = 10  # a small one, so that every client has to follow the links


class Missing(Exception):  # noqa: N818 - an answer more than an error
    """A 404; the code is the Hub's."""

    def __init__(self, code: str, commit: str = "") -> None:
        super().__init__(code)
        self.response = JSONResponse(
            {"error": code},
            404,
            {"X-Error-Code": code, **({"X-Repo-Commit": commit} if commit else {})},
        )


def find_repo(request: Request) -> Repo:
    """Return the repository that a request is about."""
    repo = state_of(request).repos.get("{org}/{name}".format(**request.path_params))
    if repo is None:
        raise Missing("RepoNotFound")
    return repo


def find_revision(request: Request, repo: Repo) -> str:
    """Return the sha of the revision that a request is about."""
    sha = repo.find(unquote(request.path_params.get("revision", "main")))
    if sha is None:
        raise Missing("RevisionNotFound")
    return sha


def state_of(request: Request) -> "State":
    """Return what the hub holds."""
    state: State = request.app.state.hub
    return state


async def info(request: Request) -> Response:
    repo = find_repo(request)
    sha = find_revision(request, repo)
    name = "{org}/{name}".format(**request.path_params)
    files = [{"rfilename": path} for path in sorted(repo.tree(sha))]
    return JSONResponse(
        {"id": name, "sha": sha, "siblings": files, "private": False, "tags": [], "disabled": False}
    )


async def refs(request: Request) -> Response:
    repo = find_repo(request)

    def listed(kind: str, names: dict[str, str]) -> list[dict[str, str]]:
        return [
            {"name": name, "ref": f"refs/{kind}/{name}", "targetCommit": sha}
            for name, sha in names.items()
        ]

    branches, tags = listed("heads", repo.branches), listed("tags", repo.tags)
    return JSONResponse({"branches": branches, "tags": tags, "converts": []})


async def commits(request: Request) -> Response:
    repo = find_repo(request)
    shas = repo.log(find_revision(request, repo))
    day = "2026-01-01T00:00:00.000Z"
    return JSONResponse(
        [
            {"id": sha, "title": repo.commits[sha].title, "message": "", "authors": [], "date": day}
            for sha in shas
        ]
    )


async def tree(request: Request) -> Response:
    repo = find_repo(request)
    sha = find_revision(request, repo)
    folder = unquote(request.path_params.get("path", ""))
    recursive = request.query_params.get("recursive", "").lower() in {"true", "1"}
    found = list_tree(repo.tree(sha), folder, recursive=recursive)
    if folder and not found:
        raise Missing("EntryNotFound", sha)
    start = int(request.query_params.get("cursor", 0))
    page = found[start : start + PAGE]
    headers = {}
    if start + PAGE < len(found):
        headers["Link"] = f'<{request.url.include_query_params(cursor=start + PAGE)}>; rel="next"'
    return JSONResponse([_describe(request, path, file) for path, file in page], headers=headers)


async def paths_info(request: Request) -> Response:
    repo = find_repo(request)
    sha = find_revision(request, repo)
    paths = parse_qs((await request.body()).decode())["paths"]
    found = dict(list_tree(repo.tree(sha), "", recursive=True))
    return JSONResponse([_describe(request, p, found[p]) for p in paths if p in found])


def _describe(request: Request, path: str, file: File | None) -> dict[str, Any]:
    if file is None:
        return {"type": "directory", "path": path, "oid": "0" * 40, "size": 0}
    return describe(path, file, state_of(request).xet.find(file.sha256) if file.lfs else None)


async def resolve(request: Request) -> Response:
    """Answer with a file, or with the other origin where it is if it is in LFS."""
    repo = find_repo(request)
    sha = find_revision(request, repo)
    file = repo.tree(sha).get(unquote(request.path_params["path"]))
    if file is None:
        raise Missing("EntryNotFound", sha)
    state = state_of(request)
    headers = {"X-Repo-Commit": sha, "Accept-Ranges": "bytes"}
    if not file.lfs:
        headers["ETag"] = f'"{file.oid}"'
        return FileResponse(state.blobs.path(file.sha256), headers=headers)
    headers |= {"X-Linked-Etag": f'"{file.sha256}"', "X-Linked-Size": str(file.size)}
    xet = state.xet.find(file.sha256)
    if xet is not None:
        name = "{org}/{name}".format(**request.path_params)
        headers["X-Xet-Hash"] = xet
        headers["X-Xet-Refresh-Route"] = f"{state.url}/api/datasets/{name}/xet-read-token/{sha}"
    return Response(status_code=302, headers=headers | {"Location": f"{state.cdn}/{file.sha256}"})


async def cdn(request: Request) -> Response:
    """Answer with a content, in ranges if asked for; nobody may bring a token here."""
    if "authorization" in request.headers:
        return JSONResponse({"error": "a token for the hub came to another origin"}, 400)
    return FileResponse(state_of(request).blobs.path(request.path_params["sha256"]))
