# moonbear as an image of one file. The first stage runs the same make as anybody; what it needs it installs itself.
# The result holds the binary alone: `docker run -v "$PWD:/w" IMAGE /w/script.lua`.
# SPDX-License-Identifier: MIT
FROM debian:12 AS build
RUN apt-get update && apt-get install -y --no-install-recommends make
WORKDIR /moonbear
COPY . .
RUN make && cp "build/$(uname -m)/moonbear" /moonbear.bin

FROM scratch
COPY --from=build /moonbear.bin /moonbear
ENTRYPOINT ["/moonbear"]
