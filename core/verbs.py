"""What a request asks for where browsers know only GET and POST."""


def wants_deletion(request) -> bool:
    """DELETE, or a plain form's POST with `_method=delete`."""
    return request.method == "DELETE" or (
        request.method == "POST" and request.POST.get("_method", "").lower() == "delete"
    )
