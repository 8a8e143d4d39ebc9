package main

import (
	"fmt"

	"github.com/evanw/esbuild/pkg/api"
)

// npmEntries are the modules of the npm package: the name of each, and its entry in src.
var npmEntries = map[string]string{
	"index": "index.ts", "msgpack": "msgpack/index.ts", "shared": "shared/index.ts",
	"node": "node/index.ts", "node-msgpack": "node/msgpack.ts",
}

// npmPackage returns the modules of the npm package, once for import, in npm/esm, and once
// for require, in npm/cjs. They are not minified, which the bundlers of applications do.
func npmPackage(dir string) (map[string][]byte, error) {
	files := map[string][]byte{
		"npm/esm/package.json": []byte(`{"type":"module"}` + "\n"),
		"npm/cjs/package.json": []byte(`{"type":"commonjs"}` + "\n"),
	}
	for name, entry := range npmEntries {
		for folder, format := range map[string]api.Format{"esm": api.FormatESModule, "cjs": api.FormatCommonJS} {
			if name == "shared" && folder == "cjs" {
				continue // its worker has to be a module
			}
			options := api.BuildOptions{
				AbsWorkingDir: dir,
				EntryPoints:   []string{"src/" + entry},
				Outfile:       fmt.Sprintf("npm/%s/%s.js", folder, name),
				Bundle:        true,
				Format:        format,
				Target:        api.ES2022,
				Sourcemap:     api.SourceMapLinked,
				LegalComments: api.LegalCommentsNone,
				Charset:       api.CharsetUTF8,
				External:      []string{"node:*"},
			}
			if folder == "cjs" {
				// What require gives is the function io, with what else there is as its members.
				options.Footer = map[string]string{"js": "module.exports=Object.assign(module.exports.io,module.exports);"}
			}
			outputs, err := run(options)
			if err != nil {
				return nil, err
			}
			for path, content := range outputs {
				files[path] = content
			}
		}
	}
	return files, nil
}
