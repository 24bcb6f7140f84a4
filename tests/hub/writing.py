"""What the hub lets those do who write: uploads, commits, tags."""

import base64
import json
from typing import Any
from urllib.parse import unquote

import yaml
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.hub.blobs import blob_oid, pointer
from tests.hub.reading import Missing, find_repo, find_revision, state_of
from tests.hub.repo import File, Tree
from tests.hub.state import State

LARGE = (".parquet", ".zst")  # the names of files that git holds only pointers to
_FAR = 4_000_000_000  # seconds since 1970


async def whoami(request: Request) -> Response:
    del request
    return JSONResponse({"type": "user", "name": "ada", "orgs": []})


async def create(request: Request) -> Response:
    body = await request.json()
    name = f"{body['organization'] or 'ada'}/{body['name']}"
    url = f"{state_of(request).url}/datasets/{name}"
    status = 200 if state_of(request).create(name) else 409
    return JSONResponse({"url": url, "name": name}, status)


async def validate_yaml(request: Request) -> Response:
    content = (await request.json())["content"]
    try:
        yaml.safe_load(content.split("---")[1])
    except (yaml.YAMLError, IndexError) as error:
        return JSONResponse({"errors": [{"message": str(error)}]}, 400)
    return JSONResponse({"errors": [], "warnings": []})


async def preupload(request: Request) -> Response:
    repo = find_repo(request)
    tree = repo.tree(find_revision(request, repo))
    files = []
    for entry in (await request.json())["files"]:
        lfs = entry["path"].endswith(LARGE)
        old = tree.get(entry["path"])
        oid = None if old is None else old.sha256 if old.lfs else old.oid
        mode = "lfs" if lfs else "regular"
        files.append({"path": entry["path"], "uploadMode": mode, "shouldIgnore": False, "oid": oid})
    return JSONResponse({"files": files})


async def lfs_batch(request: Request) -> Response:
    state = state_of(request)
    objects = []
    for entry in (await request.json())["objects"]:
        found: dict[str, Any] = {"oid": entry["oid"], "size": entry["size"]}
        if not state.blobs.has(entry["oid"]):
            found["actions"] = {
                "upload": {"href": f"{state.cdn}/{entry['oid']}"},
                "verify": {"href": f"{state.url}/lfs/verify"},
            }
        objects.append(found)
    return JSONResponse({"transfer": "basic", "objects": objects})


async def lfs_put(request: Request) -> Response:
    data = await request.body()
    digest = state_of(request).blobs.put(data)
    state_of(request).received.append(len(data))
    return Response(status_code=200 if digest == request.path_params["sha256"] else 400)


async def lfs_verify(request: Request) -> Response:
    oid = (await request.json())["oid"]
    return Response(status_code=200 if state_of(request).blobs.has(oid) else 404)


async def xet_token(request: Request) -> Response:
    find_revision(request, find_repo(request))
    store = state_of(request).xet
    url = store.write_url if request.path_params["kind"] == "write" else store.read_url()
    if state_of(request).xet_over_http:
        url = f"{state_of(request).url}/cas"
    return JSONResponse(
        {"accessToken": "xet", "exp": _FAR, "casUrl": url},
        headers={
            "X-Xet-Cas-Url": url,
            "X-Xet-Access-Token": "xet",
            "X-Xet-Token-Expiration": str(_FAR),
        },
    )


async def commit(request: Request) -> Response:
    state, repo = state_of(request), find_repo(request)
    lines = [json.loads(line) for line in (await request.body()).splitlines() if line.strip()]
    header = lines[0]["value"]
    if header.get("parentCommit", repo.head) != repo.head:
        return JSONResponse({"error": "a commit has happened since"}, 412)
    tree = dict(repo.tree("main"))
    for line in lines[1:]:
        error = _apply(state, tree, line["key"], line["value"])
        if error:
            return JSONResponse({"error": error}, 400)
    sha = repo.commit(tree, header["summary"])
    name = "{org}/{name}".format(**request.path_params)
    url = f"{state.url}/datasets/{name}/commit/{sha}"
    return JSONResponse({"commitUrl": url, "commitOid": sha, "pullRequestUrl": None})


def _apply(state: State, tree: Tree, key: str, value: dict[str, Any]) -> str | None:
    """Change `tree` by one operation, or say what is wrong with it."""
    path = value["path"]
    if key == "file":
        data = base64.b64decode(value["content"])
        tree[path] = File(state.blobs.put(data), blob_oid(data), len(data), lfs=False)
    elif key == "lfsFile":
        size = state.content_size(value["oid"], value.get("size"))
        if size is None:
            return f"the content of {path} was not uploaded"
        oid = blob_oid(pointer(value["oid"], size))
        tree[path] = File(value["oid"], oid, size, lfs=True)
    elif key == "deletedFile" and path in tree:
        del tree[path]
    else:
        return f"cannot do {key} to {path}"
    return None


async def tag(request: Request) -> Response:
    repo = find_repo(request)
    name = (await request.json())["tag"]
    sha = find_revision(request, repo)
    if name in repo.tags:
        return JSONResponse({"error": f"the tag {name} exists"}, 409)
    repo.tags[name] = sha
    return JSONResponse({})


async def delete_tag(request: Request) -> Response:
    repo = find_repo(request)
    if repo.tags.pop(unquote(request.path_params["revision"]), None) is None:
        raise Missing("RevisionNotFound")
    return JSONResponse({})
