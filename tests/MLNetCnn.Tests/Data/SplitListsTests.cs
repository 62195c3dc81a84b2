using System.Text.Json.Nodes;

using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class SplitListsTests
{
    [Fact]
    public void Split_lists_name_the_images_and_what_does_not_fit_is_told()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["data/images"]);
        File.WriteAllText(folder["data/train.txt"], "ant/0\nant/1\nbee/0.png\r\nbee/9\ncat/1\n");
        File.WriteAllText(folder["data/test.txt"], "ant/2\nbee/2\ncat/2\n");
        var manifest = Manifest(folder, train: 4, test: 3);
        using var dataset = DatasetLoader.Load(manifest, SampleData.Options(folder));
        Assert.Equal([0, 1, 10, 21], SampleData.FirstPixels(dataset.Train));
        Assert.Equal([2, 12, 22], SampleData.FirstPixels(dataset.Test!));
        Assert.Contains("train.txt: bee/9 is not there: left out", dataset.Problems);
        Assert.Contains(dataset.Problems, problem => problem.EndsWith("cat/3.png stands in none of the lists of the splits: left out", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_names_endings_means_the_files_of_those_endings()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["data/images"]);
        File.Copy(folder["data/images/ant/0.png"], folder["data/images/ant/1.jpg"]);
        File.WriteAllText(folder["data/train.txt"], "ant/1.png\nbee/0\ncat/1.png\n");
        File.WriteAllText(folder["data/test.txt"], "ant/1.jpg\nbee/2\n");
        var manifest = Manifest(folder, train: 3, test: 2);
        using var dataset = DatasetLoader.Load(manifest, SampleData.Options(folder));
        Assert.Equal([1, 10, 21], SampleData.FirstPixels(dataset.Train));
        Assert.Equal([0, 12], SampleData.FirstPixels(dataset.Test!));

        // Of one name alone, a file is meant whatever its ending, and by one list.
        File.WriteAllText(folder["data/test.txt"], "ant/1.jpg\nbee/2.jpeg\n");
        using var renamed = DatasetLoader.Load(manifest, SampleData.Options(folder));
        Assert.Equal([0, 12], SampleData.FirstPixels(renamed.Test!));
        Assert.Contains("1 image(s) have another ending than the lists give them, such as bee/2.jpeg is bee/2.png: they are taken for those", renamed.Problems);
        File.WriteAllText(folder["data/test.txt"], "ant/1.jpg\ncat/1\n");
        Assert.Contains("cat/1.png and cat/1, which are one file", Assert.Throws<DatasetException>(() => DatasetLoader.Load(manifest, SampleData.Options(folder))).Message, StringComparison.Ordinal);
    }

    private static DatasetManifest Manifest(TemporaryFolder folder, int train, int test)
    {
        var manifest = SampleData.IdxManifest(folder["none"], train, test, files: []);
        manifest["format"] = new JsonObject { ["kind"] = "imageFolder", ["root"] = "images", ["lists"] = new JsonObject { ["train"] = "train.txt", ["test"] = "test.txt" } };
        manifest["image"] = new JsonObject { ["height"] = 8, ["width"] = 6, ["channels"] = 1 };
        manifest["sources"] = new JsonArray(new JsonObject { ["kind"] = "folder", ["folder"] = folder["data"] });
        return SampleData.Parse(manifest);
    }
}
