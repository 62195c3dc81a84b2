using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

/// <summary>Small datasets written to disk for a test.</summary>
internal static class SampleData
{
    public static readonly string[] Classes = ["ant", "bee", "cat"];

    /// <summary>The bytes of an IDX file.</summary>
    public static byte[] Idx(byte[] values, params int[] sizes)
    {
        var header = new byte[4 + (4 * sizes.Length)];
        (header[2], header[3]) = (0x08, (byte)sizes.Length);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. header, .. values];
    }

    public static byte[] Gzip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var stream = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return zipped.ToArray();
    }

    /// <summary>Writes the files of a small IDX dataset, 4×3 grey, three classes in turn; every pixel of image i is i.</summary>
    public static void WriteIdx(string folder, int train = 12, int test = 6)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, count) in new[] { ("train", train), ("test", test) })
        {
            var pixels = Enumerable.Range(0, count).SelectMany(i => Enumerable.Repeat((byte)i, 12)).ToArray();
            var labels = Enumerable.Range(0, count).Select(i => (byte)(i % 3)).ToArray();
            File.WriteAllBytes(Path.Combine(folder, name + "-images"), Gzip(Idx(pixels, count, 4, 3)));
            File.WriteAllBytes(Path.Combine(folder, name + "-labels"), Idx(labels, count));
        }
    }

    /// <summary>The manifest of <see cref="WriteIdx"/>'s files, with their sizes and checksums, and one source.</summary>
    public static JsonObject IdxManifest(string folder, int train = 12, int test = 6, JsonArray? files = null) => new()
    {
        ["name"] = "sample",
        ["title"] = "Sample",
        ["description"] = "Three classes.",
        ["image"] = new JsonObject { ["height"] = 4, ["width"] = 3, ["channels"] = 1 },
        ["classes"] = new JsonArray("ant", "bee", "cat"),
        ["splits"] = new JsonObject { ["train"] = train, ["test"] = test },
        ["format"] = new JsonObject
        {
            ["kind"] = "idx",
            ["train"] = new JsonObject { ["images"] = "train-images", ["labels"] = "train-labels" },
            ["test"] = new JsonObject { ["images"] = "test-images", ["labels"] = "test-labels" },
        },
        ["sources"] = new JsonArray(new JsonObject { ["kind"] = "folder", ["folder"] = folder, ["files"] = files ?? Files(folder) }),
    };

    public static JsonArray Files(string folder) =>
        [.. new[] { "train-images", "train-labels", "test-images", "test-labels" }.Select(name => Declared(Path.Combine(folder, name)))];

    public static JsonObject Declared(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return new() { ["name"] = Path.GetFileName(path), ["size"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
    }

    public static DatasetManifest Parse(JsonObject manifest) => DatasetManifest.Parse(manifest.ToJsonString(), "sample.json");

    /// <summary>Writes class folders of PNG files; every pixel of image i of a class is 10 × class + i.</summary>
    public static void WriteFolders(string folder, int perClass = 4)
    {
        foreach (var (label, name) in Classes.Index())
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
            for (var i = 0; i < perClass; i++)
            {
                var pixels = Enumerable.Repeat((byte)((10 * label) + i), 8 * 6).ToArray();
                MLImage.CreateFromPixels(6, 8, MLPixelFormat.Grey8, pixels).Save(Path.Combine(folder, name, string.Create(CultureInfo.InvariantCulture, $"{i}.png")));
            }
        }
    }

    /// <summary>The first pixel of every image, which tells the images of <see cref="WriteFolders"/> apart.</summary>
    public static int[] FirstPixels(ImageSet set) => [.. Enumerable.Range(0, set.Count).Select(i => (int)set.Pixels(i)[0])];

    public static DatasetLoadOptions Options(TemporaryFolder folder) => new() { CacheFolder = folder["cache"], Offline = true, TestFraction = 0 };
}
