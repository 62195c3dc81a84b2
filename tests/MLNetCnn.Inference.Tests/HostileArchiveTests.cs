using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using MLNetCnn.Testing;

namespace MLNetCnn.Inference.Tests;

public class HostileArchiveTests
{
    private static readonly string[] Names = ["model.onnx", "model.json", "weights.safetensors", "checksums.txt"];

    [Fact]
    public void An_archive_with_other_entries_than_the_four_is_refused()
    {
        AssertRefused(Rezip(entries => entries.Add(("../model.onnx", [1]))), "unexpected entry '../model.onnx'");
        AssertRefused(Rezip(entries => entries.Add(("/etc/passwd", [1]))), "unexpected entry '/etc/passwd'");
        AssertRefused(Rezip(entries => entries.Add(("folder/", []))), "unexpected entry 'folder/'");
        AssertRefused(Rezip(entries => entries.Add(("Model.onnx", [1]))), "unexpected entry 'Model.onnx'");
        AssertRefused(Rezip(entries => entries.Add(("\u001b[31m\nred", [1]))), "unexpected entry '?[31m?red'");
        AssertRefused(Rezip(entries => entries.Add(entries[0])), "model.onnx occurs more than once");
        foreach (var name in Names)
        {
            AssertRefused(Rezip(entries => entries.RemoveAll(entry => entry.Name == name)), $"{name} is missing");
        }
    }

    [Fact]
    public void A_changed_entry_is_noticed()
    {
        AssertRefused(Rezip(entries => entries[0].Content[100] ^= 1), "model.onnx has the SHA-256", "was damaged or changed");
        AssertRefused(Rezip(entries => entries[1].Content[100] ^= 1), "model.json has the SHA-256");
        AssertRefused(Rezip(entries => entries[2].Content[100] ^= 1), "weights.safetensors has the SHA-256");
        AssertRefused(Rezip(entries => (entries[0], entries[2]) = (("model.onnx", entries[2].Content), ("weights.safetensors", entries[0].Content))), "has the SHA-256");
        // Weights of another run, with checksums to match.
        AssertRefused(Rezip(entries => entries[2].Content[100] ^= 1, freshChecksums: true), "model.json says", "both come from one run");
    }

    [Fact]
    public void Checksums_cover_every_entry_in_the_form_of_sha256sum()
    {
        AssertRefused(WithChecksums(text => text.Replace("  model.onnx", "  ../model.onnx", StringComparison.Ordinal)), "checksums.txt has the line");
        AssertRefused(WithChecksums(text => text.Replace("  model.onnx", "  model.json", StringComparison.Ordinal)), "checksums.txt has the line");
        AssertRefused(WithChecksums(text => text.Replace("  model.onnx", "  checksums.txt", StringComparison.Ordinal)), "checksums.txt has the line");
        AssertRefused(WithChecksums(text => text[..(text.IndexOf('\n') + 1)]), "checksums.txt covers 1 entries");
        AssertRefused(WithChecksums(text => text[1..]), "checksums.txt has the line");
        AssertRefused(WithChecksums(_ => ""), "checksums.txt has the line ''");
        AssertRefused(WithChecksums(text => text + new string('x', 5000)), "checksums.txt says it is", "at most 4096");
    }

    [Fact]
    public void A_decompression_bomb_is_refused_before_it_unfolds()
    {
        var bomb = Rezip(entries => entries[0] = ("model.onnx", new byte[200 << 20]), CompressionLevel.Fastest, freshChecksums: true);
        var before = GC.GetAllocatedBytesForCurrentThread();
        AssertRefused(bomb, "model.onnx grows from", "decompression bomb");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);

        // The same with a directory that tells of a small entry.
        DeclareSize(bomb, "model.onnx", 1000);
        AssertRefused(bomb);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 20 << 20);
    }

    [Fact]
    public void Metadata_of_another_version_or_shape_is_refused()
    {
        AssertRefused(WithMetadata("\"formatVersion\": 1", "\"formatVersion\": 2"), "has format version 2: this library reads version 1", "Update MLNetCnn");
        AssertRefused(WithMetadata("\"formatVersion\": 1", "\"formatVersion\": 1e99"), "has format version 1e99");
        AssertRefused(WithMetadata("\"formatVersion\": 1", "\"formatVersion\": \"1\""), "has no number formatVersion");
        AssertRefused(WithMetadata("\"formatVersion\"", "\"version\""), "has no number formatVersion");
        AssertRefused(WithMetadata("{", "["), "model.json can't be read");
        AssertRefused(WithMetadata("\"labels\"", "\"names\""), "model.json can't be read", "labels");
        AssertRefused(WithMetadata("\"metrics\"", "\"figures\""), "model.json can't be read", "metrics");
        AssertRefused(WithMetadata("\"cat\"", "null"), "a label is empty");
        AssertRefused(WithMetadata("\"cat\"", "\"dog\""), "'dog' occurs more than once");
        AssertRefused(WithMetadata("\"temperature\": 1.5", "\"temperature\": -1"), "temperature is -1");
        AssertRefused(WithMetadata("\"height\": 24", "\"height\": 2000000000"), "2000000000×20 pixels");
        AssertRefused(WithMetadata("\"channels\": 3", "\"channels\": 4"), "4 channels", "mean has 3 values", "standardDeviation has 3 values");
        AssertRefused(WithMetadata("\"provenance\": {", "\"provenance\": null, \"x\": {"), "model.json can't be read");
    }

    [Fact]
    public void What_is_no_whole_zip_is_refused()
    {
        var zip = TestModel.Zip();
        AssertRefused([], "not a readable .zip");
        AssertRefused("just text, no zip"u8.ToArray(), "not a readable .zip");
        AssertRefused(zip[..(zip.Length / 2)], "not a readable .zip");
        AssertRefused(zip[..^10], "not a readable .zip");
        AssertRefused(zip[100..], "");
    }

    [Fact]
    public void Damage_anywhere_is_refused_or_harmless()
    {
        var zip = TestModel.Zip();
        var random = new Random(7);
        for (var i = 0; i < 3000; i++)
        {
            var damaged = zip.ToArray();
            // Half of the damage goes to the directory at the end, where the structure is.
            var at = i % 2 == 0 ? random.Next(zip.Length) : zip.Length - 1 - random.Next(400);
            damaged[at] = (byte)random.Next(256);
            try
            {
                var read = ModelPackage.Read(new MemoryStream(damaged));
                Assert.Equal(TestModel.Onnx, read.Onnx.ToArray());
                Assert.Equal(TestModel.Weights, read.Weights.ToArray());
            }
            catch (ModelFormatException)
            {
                // The other allowed answer.
            }
        }
    }

    [Fact]
    public void Metadata_damaged_before_it_was_packed_is_refused_or_harmless()
    {
        var random = new Random(11);
        for (var i = 0; i < 500; i++)
        {
            var zip = Rezip(entries => entries[1].Content[random.Next(entries[1].Content.Length)] = (byte)random.Next(256), freshChecksums: true);
            try
            {
                Assert.Equal(TestModel.Onnx, ModelPackage.Read(new MemoryStream(zip)).Onnx.ToArray());
            }
            catch (ModelFormatException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
            }
        }
    }

    [Fact]
    public void An_error_names_the_file()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "broken.zip");
        File.WriteAllText(path, "no zip");
        Assert.StartsWith(path + ": not a readable .zip", Assert.Throws<ModelFormatException>(() => ImageModel.Load(path)).Message, StringComparison.Ordinal);
        Assert.Contains("missing.zip", Assert.Throws<FileNotFoundException>(() => ImageModel.Load(Path.Combine(folder.Path, "missing.zip"))).Message, StringComparison.Ordinal);
    }

    private static byte[] WithMetadata(string what, string by) => Rezip(
        entries =>
        {
            var text = Encoding.UTF8.GetString(entries[1].Content);
            var at = text.IndexOf(what, StringComparison.Ordinal);
            Assert.NotEqual(-1, at);
            entries[1] = ("model.json", Encoding.UTF8.GetBytes(text[..at] + by + text[(at + what.Length)..]));
        },
        freshChecksums: true);

    private static byte[] WithChecksums(Func<string, string> change) =>
        Rezip(entries => entries[3] = ("checksums.txt", Encoding.UTF8.GetBytes(change(Encoding.UTF8.GetString(entries[3].Content)))));

    private static byte[] Rezip(Action<List<(string Name, byte[] Content)>> change, CompressionLevel level = CompressionLevel.NoCompression, bool freshChecksums = false)
    {
        var entries = new List<(string Name, byte[] Content)>();
        using (var archive = new ZipArchive(new MemoryStream(TestModel.Zip())))
        {
            foreach (var entry in archive.Entries)
            {
                using var content = new MemoryStream();
                using var stream = entry.Open();
                stream.CopyTo(content);
                entries.Add((entry.FullName, content.ToArray()));
            }
        }

        change(entries);
        if (freshChecksums)
        {
            var lines = entries[..3].Select(entry => $"{Convert.ToHexStringLower(SHA256.HashData(entry.Content))}  {entry.Name}\n");
            entries[3] = ("checksums.txt", Encoding.UTF8.GetBytes(string.Concat(lines)));
        }

        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var stream = archive.CreateEntry(name, level).Open();
                stream.Write(content);
            }
        }

        return zip.ToArray();
    }

    // The central directory's record: signature PK\1\2, uncompressed size at 24, name at 46.
    private static void DeclareSize(byte[] zip, string name, uint size)
    {
        var at = zip.AsSpan().LastIndexOf(Encoding.ASCII.GetBytes(name)) - 46;
        Assert.Equal("PK\u0001\u0002"u8, zip.AsSpan(at, 4));
        BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(at + 24), size);
    }

    private static void AssertRefused(byte[] zip, params string[] expected)
    {
        var message = Assert.Throws<ModelFormatException>(() => ImageModel.Load(new MemoryStream(zip))).Message;
        Assert.StartsWith("the model .zip: ", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.All(expected, part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
