using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

using MLNetCnn.Imaging;
using MLNetCnn.Testing;

namespace MLNetCnn.Cli.Tests;

public sealed class DataTests(CommandLine command) : IClassFixture<CommandLine>
{
    [Fact]
    public void The_datasets_are_listed_and_the_machine_is_sound()
    {
        Assert.Contains("fashion-mnist", command.Json("data", "list")["datasets"]!.AsArray().Select(name => (string)name!));
        var doctor = command.Run("doctor");
        Assert.Equal(0, doctor.ExitCode);
        Assert.DoesNotContain("FAIL", doctor.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convnn-1", 542_230)]
    [InlineData("convnn-3a", 279_126)]
    [InlineData("convnn-4", 3_163_426)]
    [InlineData("convnn-6", 541_983)]
    [InlineData("convnn-7", 1_995)]
    [InlineData("convnn-8", 721_430)]
    public void A_networks_parameters_are_the_studys(string name, long parameters) =>
        Assert.Equal(parameters, (long)command.Json("inspect", name)["parameters"]!);

    [Fact]
    public void A_networks_trainable_parameters_are_told_apart_from_running_statistics()
    {
        // torchvision's counts; its BatchNorm has 9600 running figures in ResNet-18.
        var resnet = command.Json("inspect", "resnet-18", "--classes", "1000", "--shape", "3x224x224");
        Assert.Equal((11_689_512, 11_699_112), ((long)resnet["trainable"]!, (long)resnet["parameters"]!));
    }

    [Fact]
    public void A_small_dataset_of_ones_own_is_described()
    {
        var answer = command.Json("data", "inspect", Manifest("good"));
        Assert.Equal((12, 6, 4, 3), ((int)answer["train"]!, (int)answer["test"]!, (int)answer["height"]!, (int)answer["width"]!));
    }

    [Fact]
    public void Every_problem_of_a_manifest_is_named_at_once()
    {
        var manifest = Manifest("fields", json =>
        {
            json["licens"] = "MIT";
            json["image"]!["height"] = 0;
        });
        var result = command.Run("train", manifest, "--output", "unread");
        result.Complains(2, "fields.json");
        result.Complains(2, "licens");
        result.Complains(2, "height", "0");
        Assert.False(Directory.Exists(command["unread"]));
    }

    [Fact]
    public void A_dataset_that_is_not_what_its_manifest_declares_is_a_failure_that_names_it()
    {
        var counts = Manifest("counts", json => json["splits"]!["train"] = 13);
        command.Run("data", "fetch", counts).Complains(1, "has 12 train images, its manifest declares 13");

        var zeros = new string('0', 64);
        var checksum = Manifest("checksum", json => json["sources"]![0]!["files"]![0]!["sha256"] = zeros);
        command.Run("data", "fetch", checksum).Complains(1, "checksum/train-images has the SHA-256", $"{zeros} is declared");

        var truncated = Manifest("truncated", cut: 5);
        command.Run("train", truncated, "--arch", "mlp", "--output", "half").Complains(1, "truncated/train-images is truncated");
        Assert.False(Directory.Exists(command["half"]) && Directory.EnumerateFileSystemEntries(command["half"]).Any());
    }

    [Fact]
    public void An_augmentation_is_shown_as_a_grid_of_copies()
    {
        Assert.Equal("grid.png", (string)command.Json("data", "augment", Manifest("augmented"), "--augment", "trivial", "--image", "3", "--grid", "grid.png")["file"]!);
        var grid = MLImage.CreateFromFile(command["grid.png"]);
        Assert.Equal((2 + (3 * (4 + 2)), 2 + (3 * (3 + 2))), (grid.Height, grid.Width));
        command.Run("data", "augment", "grid.png", "--copies", "2", "--grid", "second.png");
        Assert.Equal(grid.Height + 4, MLImage.CreateFromFile(command["second.png"]).Height);

        command.Run("data", "augment", Manifest("few"), "--image", "12").Complains(2, "--image is 12", "12 training images");
        command.Run("data", "augment", "grid.png", "--image", "3").Complains(2, "--image does nothing here: grid.png is an image itself");
        command.Run("data", "augment", "grid.png", "--augment", "strnog").Complains(2, "'strnog'", "standard");
        command.Write("wrong.json", """{ "transforms": [{ "kind": "randomRotation", "factor": 36 }, { "kind": "randomCrop", "padding": 0 }] }""");
        var wrong = command.Run("train", "fashion-mnist", "--augment", "wrong.json", "--output", "unmade");
        wrong.Complains(2, "wrong.json", "transforms[0] randomRotation.factor is 36");
        wrong.Complains(2, "wrong.json", "transforms[1] randomCrop.padding is 0");
        Assert.False(Directory.Exists(command["unmade"]));
    }

    [Fact]
    public void Several_processes_at_once_make_one_cache_entry()
    {
        var manifest = Manifest("shared");
        var processes = Enumerable.Range(0, 5).Select(_ => command.Start(["data", "inspect", manifest, "--json"], new Dictionary<string, string> { ["MLNETCNN_CACHE"] = command["one-cache"] })).ToList();
        var answers = processes.ConvertAll(process => process.Finish().Json());
        Assert.Single(answers.Select(answer => (string)answer["fingerprint"]!).Distinct());
        var entry = Assert.Single(Directory.GetDirectories(command["one-cache/images"]));
        Assert.Equal(12 * (12 + 6), new FileInfo(Path.Combine(entry, "images.pixels")).Length);
    }

    // npm gives all files of a package one date.
    [Fact]
    public void Files_of_a_package_that_are_alike_in_size_and_date_are_told_apart()
    {
        var manifest = Manifest("packed", json =>
        {
            using var archive = new TarWriter(new GZipStream(File.Create(command["packed.tgz"]), CompressionLevel.Fastest));
            var files = json["sources"]![0]!["files"]!.DeepClone().AsArray();
            for (byte part = 0; part < 4; part++)
            {
                byte[] bytes = [.. Enumerable.Repeat(part, 1000)];
                var name = $"shard-{part}";
                archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{name}") { ModificationTime = DateTimeOffset.UnixEpoch, DataStream = new MemoryStream(bytes) });
                files.Add(new JsonObject { ["name"] = name, ["size"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) });
            }

            foreach (var file in Directory.GetFiles(command["packed"]))
            {
                archive.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, $"package/{Path.GetFileName(file)}") { DataStream = new MemoryStream(File.ReadAllBytes(file)) });
            }

            json["sources"] = new JsonArray(new JsonObject { ["kind"] = "npmPackage", ["package"] = "packed", ["version"] = "1.0.0", ["files"] = files });
        });
        Directory.CreateDirectory(command["bin"]);
        File.WriteAllText(command["bin/npm"], $"#!/bin/sh\ncp '{command["packed.tgz"]}' .\n");
        using var runnable = Process.Start("chmod", ["+x", command["bin/npm"]]);
        runnable.WaitForExit();
        var path = new Dictionary<string, string> { ["PATH"] = $"{command["bin"]}:{Environment.GetEnvironmentVariable("PATH")}" };
        var answer = command.Start(["data", "inspect", manifest, "--json"], path).Finish().Json();
        Assert.Equal((12, 6), ((int)answer["train"]!, (int)answer["test"]!));
    }

    [Fact]
    public void Real_photos_are_inspected_and_audited_with_what_was_left_out()
    {
        var mirror = Path.GetDirectoryName(SharedData.Require("food-101-20.tar.gz"))!;
        var samples = Path.Combine(mirror, "food-101-20-samples.tar.gz");
        var inspected = command.Json("data", "inspect", samples, "--grid", command["grid.html"]);
        Assert.Equal((20, 0), (inspected["classes"]!.AsArray().Count, (int)inspected["leftOut"]!));
        Assert.Equal(60, (int)inspected["train"]! + (int)inspected["test"]!);
        var page = File.ReadAllText(command["grid.html"]);
        Assert.Contains("apple_pie</th>", page, StringComparison.Ordinal);
        Assert.Contains("data:image/jpeg;base64,/9j/", page, StringComparison.Ordinal);

        var small = command.Run("data", "inspect", "cifar100-20", "--mirror", mirror, "--grid", command["grid.png"]);
        Assert.Contains("Krizhevsky", small.Out, StringComparison.Ordinal);
        Assert.Contains("licence   none stated", small.Out, StringComparison.Ordinal);
        Assert.Contains("Foodspotting", command.Run("data", "list").Out, StringComparison.Ordinal);
        Assert.Equal([0x89, 0x50], File.ReadAllBytes(command["grid.png"])[..2]);

        Directory.CreateDirectory(command["photos/a"]);
        Directory.CreateDirectory(command["photos/b"]);
        foreach (var name in new[] { "photos/a/1.jpg", "photos/b/copy.jpg" })
        {
            File.Copy(Path.Combine(mirror, "photos", "cat.jpg"), command[name]);
        }

        File.Copy(Path.Combine(mirror, "photos", "bird.jpg"), command["photos/b/2.jpg"]);
        command.Write("photos/a/broken.jpg", "no photo");
        var audit = command.Json("data", "audit", "photos");
        var kinds = audit["findings"]!.AsArray().ToDictionary(finding => (string)finding!["kind"]!, finding => (int)finding!["count"]!);
        Assert.Equal(1, kinds["leftOut"]);
        Assert.Equal(1, kinds["duplicatesAcrossClasses"]);
    }

    [Fact]
    public void Nothing_is_written_among_the_images_and_no_image_read_for_a_file_that_cannot_be()
    {
        foreach (var name in new[] { "own/a", "own/b" })
        {
            Directory.CreateDirectory(command[name]);
            MLImage.CreateFromPixels(8, 8, MLPixelFormat.Grey8, new byte[64]).Save(command[$"{name}/1.png"]);
        }

        string[][] lines =
        [
            ["train", "own", "--arch", "lenet-5", "--output", "own/artifacts"], ["sweep", "own", "--output", "own"], ["sweep", "own", "--output", "elsewhere", "--store", "own/trials.db"], ["data", "samples", "own", "--output", "own/samples"],
            ["data", "inspect", "own", "--grid", "own/grid.png"], ["data", "augment", "own", "--grid", "own/new/grid.png"],
        ];
        Assert.All(lines, line => command.Run(line).Complains(2, "lies in the folder of the images, "));
        Directory.CreateSymbolicLink(command["linked"], command["own/a"]);
        command.Run("data", "samples", "own", "--output", "linked").Complains(2, "linked lies in the folder of the images");
        command.Run("data", "samples", "own", "--output", "own/.samples", "--json").Json();
        Directory.Delete(command["own/.samples"], recursive: true);

        // A dataset of the catalog is not in a folder of its name.
        Directory.CreateDirectory(command["fashion-mnist"]);
        command.Run("data", "samples", "fashion-mnist", "--count", "1", "--output", "fashion-mnist", "--json").Json();
        Assert.Equal(["own/a", "own/b"], Directory.GetFileSystemEntries(command["own"]).Select(entry => Path.GetRelativePath(command[""], entry)).Order());
        command.Run("data", "inspect", "own", "--grid", "grid.jpg").Complains(2, "grid.jpg: a grid is written as .png or .html");
        command.Run("data", "augment", "own", "--grid", "grid.gif").Complains(2, "--grid is grid.gif");
    }

    [Fact]
    public void Damaged_images_are_one_line_each_and_nothing_else_is_printed()
    {
        var pixels = new byte[64 * 64 * 3];
        new Random(1).NextBytes(pixels);
        var noise = MLImage.CreateFromPixels(64, 64, MLPixelFormat.Rgb24, pixels);
        foreach (var name in new[] { "damaged/a", "damaged/b" })
        {
            Directory.CreateDirectory(command[name]);
            noise.Save(command[$"{name}/good.png"]);
        }

        var (png, jpeg) = (noise.EncodePng(), noise.EncodeJpeg());
        png[png.Length / 2] ^= 0x55;
        jpeg.AsSpan(jpeg.Length / 2, 40).Fill(0x11);
        File.WriteAllBytes(command["damaged/a/bad.png"], png);
        File.WriteAllBytes(command["damaged/b/strange.jpg"], jpeg);

        var inspected = command.Run("data", "inspect", "damaged", "--json");
        Assert.Equal(1, (int)inspected.Json()["leftOut"]!);
        Assert.Single(inspected.Error.Split('\n'), line => line.Contains("bad.png: the PNG data is damaged", StringComparison.Ordinal));
        Assert.Single(inspected.Error.Split('\n'), line => line.Contains("strange.jpg: ", StringComparison.Ordinal) && line.EndsWith("kept, though a part of it is lost", StringComparison.Ordinal));
        foreach (var library in new[] { "libpng", "OpenCV" })
        {
            Assert.DoesNotContain(library, inspected.Error, StringComparison.Ordinal);
        }
    }

    private string Manifest(string name, Action<JsonObject>? change = null, int cut = 0)
    {
        Directory.CreateDirectory(command[name]);
        var files = new JsonArray();
        foreach (var (split, count) in new[] { ("train", 12), ("test", 6) })
        {
            files.Add(Add($"{split}-images", [0, 0, 8, 3, 0, 0, 0, (byte)count, 0, 0, 0, 4, 0, 0, 0, 3, .. new byte[(count * 12) - cut]]));
            files.Add(Add($"{split}-labels", [0, 0, 8, 1, 0, 0, 0, (byte)count, .. Enumerable.Range(0, count).Select(i => (byte)(i % 3))]));
        }

        var manifest = JsonNode.Parse(
            """
            {
              "title": "Sample", "description": "Three classes.", "classes": ["ant", "bee", "cat"],
              "image": { "height": 4, "width": 3, "channels": 1 }, "splits": { "train": 12, "test": 6 },
              "format": {
                "kind": "idx",
                "train": { "images": "train-images", "labels": "train-labels" },
                "test": { "images": "test-images", "labels": "test-labels" }
              }
            }
            """)!.AsObject();
        manifest["name"] = name;
        manifest["sources"] = new JsonArray(new JsonObject { ["kind"] = "folder", ["folder"] = name, ["files"] = files });
        change?.Invoke(manifest);
        return command.Write($"{name}.json", manifest.ToJsonString());

        JsonObject Add(string file, byte[] bytes)
        {
            File.WriteAllBytes(command[$"{name}/{file}"], bytes);
            return new() { ["name"] = file, ["size"] = bytes.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(bytes)) };
        }
    }
}
