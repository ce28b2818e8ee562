"""oEmbed: other sites ask how to show a model of ours."""

import io

from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from marketplace.oembed import CACHE_AGE, BadSize, UnknownModel, model_at, pixels, write_xml
from marketplace.oembed import oembed as oembed_answer

FORMATS = ("json", "xml")


@require_safe
def oembed(request):
    asked = request.GET.get("format", "json")
    if asked not in FORMATS:
        return _refusal("This endpoint answers in json and xml.", 501)
    try:
        sizes = {side: pixels(request.GET.get(side.replace("_", ""))) for side in ("max_width", "max_height")}
        model = model_at(request.GET.get("url", ""), host=request.get_host())
    except BadSize:
        return _refusal("maxwidth and maxheight are whole numbers of pixels.", 400)
    except UnknownModel as error:
        raise Http404("No such model.") from error
    answer = oembed_answer(model, **sizes, request=request)
    if asked == "json":
        return _open_to_all(JsonResponse(answer))
    stream = io.StringIO()
    write_xml(answer, stream)
    return _open_to_all(HttpResponse(stream.getvalue(), content_type="text/xml; charset=utf-8"))


def _open_to_all(response: HttpResponse) -> HttpResponse:
    """Scripts of every site may read it: it says only what every visitor sees."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cache-Control"] = f"public, max-age={CACHE_AGE}"
    return response


def _refusal(sentence: str, status: int) -> HttpResponse:
    response = HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
    response["Access-Control-Allow-Origin"] = "*"
    return response
