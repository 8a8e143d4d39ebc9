export default {
  build: { rollupOptions: { input: ["index.html", "shared.html"] }, assetsInlineLimit: 0 },
  logLevel: "warn",
}
