"""What schemathesis does not know of media types."""

import schemathesis

# A part of an upload (tus 1.0.0) is bytes like any others.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
