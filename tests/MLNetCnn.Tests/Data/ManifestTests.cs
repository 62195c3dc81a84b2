using System.Globalization;
using System.Text.Json.Nodes;
using MLNetCnn.Data;
using MLNetCnn.Testing;
using MLNetCnn.Weights;

namespace MLNetCnn.Tests.Data;

public class ManifestTests
{
    [Fact]
    public void Dogs_are_drawn_from_what_the_pretrained_networks_were_trained_on()
    {
        Assert.Equal(["ImageNet"], new ManifestCatalog().Find("stanford-dogs").DrawnFrom);
        Assert.All(new WeightsCatalog().LoadAll(), weights => Assert.Equal("ImageNet", weights.TrainedOn));
    }

    [Fact]
    public void All_problems_are_reported_at_once_each_with_its_place_in_the_file()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var manifest = SampleData.IdxManifest(folder["data"]);
        manifest["name"] = "My Data";
        manifest["license"] = "MIT";
        manifest.Remove("title");
        manifest["image"]!["channels"] = 2;
        manifest["splits"]!["train"] = "twelve";
        manifest["classes"] = new JsonArray("ant", 7, "ant");
        manifest["format"]!["kind"] = "idxx";
        manifest["sources"]![0]!["files"]![1]!["sha256"] = "12ab";
        manifest["sources"]![0]!["files"]![2]!["size"] = 1.5;

        var error = Assert.Throws<ManifestException>(() => SampleData.Parse(manifest));
        string[] expected =
        [
            "$.name: 'My Data' is no name: lower-case letters, digits and hyphens",
            "$.license: unknown field, did you mean 'licence'?",
            "$.title: is missing: a text is expected",
            "$.image.channels: 2 is not possible: 1 (grey) or 3 (RGB)",
            "$.splits.train: \"twelve\" where a whole number is expected",
            "$.classes[1]: 7 where a text is expected",
            "$.classes[2]: 'ant' stands in the list twice",
            "$.format.kind: 'idxx' is none of idx, imageFolder, cifar, table, did you mean 'idx'?",
            "$.sources[0].files[1].sha256: '12ab' is no SHA-256 (64 lower-case hexadecimal digits)",
            "$.sources[0].files[2].size: 1.5 is not a whole number from 1 to 9223372036854775807",
        ];
        Assert.Equal(expected.Order(), error.Problems.Where(expected.Contains).Order());
        Assert.StartsWith("sample.json has ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"name\": \"a\",\n  oops }", "line 2: not valid JSON")]
    [InlineData("{ \"name\": \"a\", \"name\": \"b\" }", "not valid JSON")]
    [InlineData("[]", "$: a list where an object is expected")]
    public void What_is_no_JSON_object_is_named_with_its_line(string json, string problem) =>
        Assert.Contains(problem, Assert.Throws<ManifestException>(() => DatasetManifest.Parse(json, "broken.json")).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_that_the_format_reads_must_be_in_every_source()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        var manifest = SampleData.IdxManifest(folder["data"]);
        manifest["sources"]![0]!["files"]!.AsArray().RemoveAt(3);
        var error = Assert.Throws<ManifestException>(() => SampleData.Parse(manifest));
        Assert.Equal("sample.json: $.sources[0].files: the format reads 'test-labels', which this source does not list", error.Message);
    }

    [Fact]
    public void An_unknown_dataset_is_answered_with_close_and_known_names()
    {
        var error = Assert.Throws<ConfigurationException>(() => new ManifestCatalog().Find("fashon-mnist"));
        Assert.Contains("unknown dataset 'fashon-mnist', did you mean 'fashion-mnist'?", error.Message, StringComparison.Ordinal);
        Assert.Contains("of class folders", error.Message, StringComparison.Ordinal);
        Assert.Contains("fashion-mnist", new ManifestCatalog().Names);
    }

    [Fact]
    public void A_catalog_finds_names_files_and_folders()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteIdx(folder["data"]);
        File.WriteAllText(folder["sample.json"], SampleData.IdxManifest(folder["data"]).ToJsonString());
        File.WriteAllText(folder["other.json"], SampleData.IdxManifest(folder["data"]).ToJsonString());
        var catalog = new ManifestCatalog([folder.Path]);
        Assert.Equal("Sample", catalog.Find("sample").Title);
        Assert.Equal("Sample", catalog.Find(folder["sample.json"]).Title);
        Assert.Equal("data", catalog.Find(folder["data"]).Name);
        Assert.Contains("'sample' must be the file's name", Assert.Throws<ManifestException>(() => catalog.Find("other")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_are_checked_all_at_once_in_any_culture()
    {
        var culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var options = new DatasetLoadOptions { Height = 0, Channels = 2, ValidationFraction = 1.5, TrainImagesPerClass = 0, Classes = [] };
            var error = Assert.Throws<ConfigurationException>(() => DatasetLoader.Load("fashion-mnist", options));
            Assert.Equal(5, error.Problems.Count);
            Assert.Contains("ValidationFraction is 1.5: a fraction from 0 up to, but not, 1 is possible", error.Problems);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }
}
