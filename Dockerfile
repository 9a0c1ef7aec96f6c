# A small image of the command line: `docker build --tag rulebook .`, then
# `docker run --rm --volume "$PWD:/work" rulebook eval policies/taobao …`.
FROM rust:1-slim AS build
WORKDIR /source
COPY . .
RUN cargo build --profile dist --locked --package rulebook-cli

FROM debian:stable-slim
COPY --from=build /source/target/dist/rulebook /usr/local/bin/rulebook
WORKDIR /work
USER nobody
ENTRYPOINT ["rulebook"]
