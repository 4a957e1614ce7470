# Depter's server and worker in one image; which of them runs is said by the command.
FROM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The packages first, without their scripts: they change less often than the source.
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json ./
COPY apps ./apps
COPY libs ./libs
RUN npx nest build server && npx nest build worker && npx nest build cli && node dist/apps/cli/src/verify/bundle.js && npm prune --omit=dev --ignore-scripts

FROM node:26-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production MALLOC_ARENA_MAX=2
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY libs/packs/data ./libs/packs/data
COPY LICENSE ./
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
ENV DEPTER_DATA=/data DEPTER_HOST=0.0.0.0 DEPTER_PORT=8080
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["node", "--max-semi-space-size=4", "dist/apps/server/src/main.js"]
