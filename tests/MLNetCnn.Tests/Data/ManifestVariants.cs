using System.Text.Json.Nodes;

namespace MLNetCnn.Tests.Data;

/// <summary>A good manifest and what can be done to it: every field left out, given another type, or made wrong.</summary>
internal static class ManifestVariants
{
    public static IEnumerable<(string Name, JsonObject Manifest)> Of(JsonObject manifest)
    {
        yield return ("as it is", manifest);
        foreach (var path in Fields(manifest, []).ToList())
        {
            yield return ($"without {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent.Remove(field)));
            yield return ($"null at {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent[field] = null));
            yield return ($"true at {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent[field] = true));
            yield return ($"-1 at {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent[field] = -1));
            yield return ($"empty text at {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent[field] = " "));
            yield return ($"empty list at {string.Join('.', path)}", Changed(manifest, path, (parent, field) => parent[field] = new JsonArray()));
            yield return ($"stranger beside {string.Join('.', path)}", Changed(manifest, path, (parent, _) => parent["stranger"] = 1));
        }

        var (one, another) = ((string)manifest["classes"]![0]!, (string)manifest["classes"]![1]!);
        (string Field, JsonNode Value)[] additions =
        [
            ("trim", new JsonObject { ["classes"] = new JsonArray(one, another), ["trainImagesPerClass"] = 5, ["trainImages"] = 9, ["testImagesPerClass"] = 2, ["seed"] = -3 }),
            ("trim", new JsonObject()),
            ("trim", new JsonObject { ["trainImages"] = 0 }),
            ("trim", new JsonObject { ["seed"] = 0.5 }),
            ("trim", new JsonObject { ["imagesPerClass"] = 5 }),
            ("classes", new JsonArray(one, one)),
            ("trimmedSplits", new JsonObject { ["train"] = 5, ["test"] = 2 }),
            ("trimmedSplits", new JsonObject { ["test"] = 2 }),
            ("holdOut", new JsonObject { ["test"] = 0.25, ["validation"] = 0.5, ["seed"] = -1 }),
            ("holdOut", new JsonObject { ["test"] = 1 }),
            ("holdOut", new JsonObject { ["train"] = 0.5 }),
            ("format", new JsonObject { ["kind"] = "imageFolder", ["lists"] = new JsonObject { ["test"] = "test.txt" } }),
            ("format", new JsonObject { ["kind"] = "cifar", ["label"] = "finest", ["train"] = new JsonArray("train.bin") }),
            ("format", new JsonObject { ["kind"] = "table" }),
            ("name", "Fashion MNIST"),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "ftp" })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "mirror", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "mirror", ["url"] = "http://host/", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "folder", ["folder"] = "f", ["format"] = new JsonObject { ["kind"] = "imageFolder", ["root"] = "a/b" } })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "url", ["url"] = "ftp://host/", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "nugetPackage", ["package"] = "P.Q-r_s", ["version"] = "1.0.0-beta.1", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "nugetPackage", ["package"] = "p\" />", ["version"] = "1.0.0", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
            ("sources", new JsonArray(new JsonObject { ["kind"] = "npmPackage", ["package"] = "p", ["version"] = "1.0.0", ["files"] = manifest["sources"]![0]!["files"]!.DeepClone() })),
        ];
        foreach (var (field, value) in additions)
        {
            var changed = manifest.DeepClone().AsObject();
            changed[field] = value;
            yield return ($"{field}: {value.ToJsonString()}", changed);
        }

        yield return ("a path that leaves", Changed(manifest, ["sources", "0", "files", "0", "path"], (parent, field) => parent[field] = "a/../../b"));
        yield return ("a path below", Changed(manifest, ["sources", "0", "files", "0", "path"], (parent, field) => parent[field] = "a/b..c"));
        yield return ("an upper-case checksum", Changed(manifest, ["sources", "0", "files", "0", "sha256"], (parent, field) => parent[field] = new string('A', 64)));
    }

    private static IEnumerable<string[]> Fields(JsonNode node, string[] path) => node switch
    {
        JsonObject o => o.SelectMany(field => Fields(field.Value!, [.. path, field.Key]).Prepend([.. path, field.Key])),
        JsonArray { Count: > 0 } list when list[0] is JsonObject => Fields(list[0]!, [.. path, "0"]),
        _ => [],
    };

    private static JsonObject Changed(JsonObject manifest, string[] path, Action<JsonObject, string> change)
    {
        var copy = manifest.DeepClone().AsObject();
        JsonNode parent = copy;
        foreach (var part in path[..^1])
        {
            parent = part == "0" ? parent[0]! : parent[part]!;
        }

        change(parent.AsObject(), path[^1]);
        return copy;
    }
}
