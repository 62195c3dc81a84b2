using System.Diagnostics;
using MLNetCnn.Data;
using MLNetCnn.Testing;

namespace MLNetCnn.Tests.Data;

public class ImageFolderTests
{
    [Fact]
    public void A_folder_of_class_folders_is_a_dataset()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"], perClass: 5);
        using var dataset = DatasetLoader.Load(folder["pets"], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1, TestFraction = 0.2, ValidationFraction = 0.25 });
        Assert.Equal(SampleData.Classes, dataset.ClassNames);
        Assert.Equal("pets", dataset.Name);
        Assert.Equal((9, 3, 3), (dataset.Train.Count, dataset.Validation!.Count, dataset.Test!.Count));
        Assert.All(dataset.Test.ClassCounts(), count => Assert.Equal(1, count));
        foreach (var set in new[] { dataset.Train, dataset.Validation, dataset.Test })
        {
            for (var i = 0; i < set.Count; i++)
            {
                Assert.Equal(set.Labels[i], set.Pixels(i)[0] / 10);
            }
        }
    }

    [Fact]
    public void Test_images_are_the_same_however_few_are_trained_on()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"], perClass: 10);
        var options = SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1, TestFraction = 0.3 };
        using var all = DatasetLoader.Load(folder["pets"], options);
        foreach (var few in new[] { options with { TrainImagesPerClass = 4 }, options with { TrainImages = 12 } })
        {
            using var trimmed = DatasetLoader.Load(folder["pets"], few);
            Assert.Equal(Names(all.Test!), Names(trimmed.Test!));
            Assert.Equal(12, trimmed.Train.Count);
            Assert.Subset(Names(all.Train), Names(trimmed.Train));
        }

        using var classes = DatasetLoader.Load(folder["pets"], options with { Classes = ["bee", "cat"] });
        Assert.Equal(Names(all.Test!).Where(name => !name.Contains("ant", StringComparison.Ordinal)), Names(classes.Test!));

        static SortedSet<string> Names(ImageSet images) => [.. Enumerable.Range(0, images.Count).Select(images.NameOf)];
    }

    [Fact]
    public void Test_images_are_the_same_for_a_folder_and_for_a_table_in_it()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"], perClass: 10);
        File.WriteAllLines(folder["pets/table.csv"], SampleData.Classes.SelectMany(name => Enumerable.Range(0, 10).Select(i => $"{name}/{i}.png,{name}")));
        var options = SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1, TestFraction = 0.3 };
        using var plain = DatasetLoader.Load(folder["pets"], options);
        using var table = DatasetLoader.Load(folder["pets/table.csv"], options);
        Assert.Equal(9, plain.Test!.Count);
        Assert.Equal(Enumerable.Range(0, 9).Select(plain.Test.NameOf), Enumerable.Range(0, 9).Select(table.Test!.NameOf));
    }

    [Theory]
    [InlineData("", "lost.png")]
    [InlineData("train/", "train/lost.png")]
    [InlineData("train/", "lost.png")]
    public void Images_beside_the_class_folders_are_told(string below, string lost)
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["set/" + below]);
        File.Copy(folder[$"set/{below}ant/0.png"], folder["set/" + lost]);
        using var dataset = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal((12, 1), (dataset.Train.Count, dataset.LeftOut));
        Assert.EndsWith(lost + " lies in no class folder: left out", Assert.Single(dataset.Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("photos/animals", null)]
    [InlineData("food/images", "food/meta/classes.txt")]
    public void Class_folders_below_a_folder_of_their_own_are_found(string below, string? list)
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder[$"set/{below}"]);
        if (list is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[$"set/{list}"])!);
            File.WriteAllText(folder[$"set/{list}"], "ant\nbee\ncat\n");
        }

        using var dataset = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal(SampleData.Classes, dataset.ClassNames);
        Assert.Equal((12, 0), (dataset.Train.Count, dataset.LeftOut));
    }

    [Fact]
    public void A_class_whose_images_nobody_can_read_is_no_folder_of_lists()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["set/cats"]);
        Directory.CreateDirectory(folder["set/dogs"]);
        File.WriteAllText(folder["set/dogs/1.heic"], "a format that is not read");
        var error = Assert.Throws<DatasetException>(() => DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 }));
        Assert.Contains("dogs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Pipes_and_empty_files_are_named_and_names_in_any_script_kept()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["set"]);
        using (var made = Process.Start("mkfifo", folder["set/ant/pipe.png"]))
        {
            made.WaitForExit();
        }

        File.CreateSymbolicLink(folder["set/ant/linked.png"], folder["set/ant/pipe.png"]);
        File.WriteAllBytes(folder["set/bee/empty.jpg"], []);
        File.Copy(folder["set/cat/0.png"], folder["set/cat/\U0001F431.png"]);
        using var dataset = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal(3, dataset.LeftOut);
        Assert.Contains(dataset.Problems, problem => problem.Contains("ant/pipe.png: ", StringComparison.Ordinal));
        Assert.Contains(dataset.Problems, problem => problem.Contains("bee/empty.jpg: ", StringComparison.Ordinal));
        Assert.Contains(Enumerable.Range(0, dataset.Train.Count), index => dataset.Train.NameOf(index).EndsWith("cat/\U0001F431.png", StringComparison.Ordinal));
    }

    [Fact]
    public void Folders_that_link_to_each_other_are_walked_once()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["set"]);
        Directory.CreateSymbolicLink(folder["set/ant/more"], "../bee");
        Directory.CreateSymbolicLink(folder["set/bee/more"], "../ant");
        using var dataset = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal([8, 8, 4], dataset.Train.ClassCounts());
        Assert.Equal(2, dataset.Problems.Count(problem => problem.EndsWith("/more/more is a link to a folder above it: left out", StringComparison.Ordinal)));
    }

    [Fact]
    public void Parts_of_a_dataset_may_be_called_training_and_testing_and_other_names_are_told()
    {
        using var folder = new TemporaryFolder();
        foreach (var (part, images) in new[] { ("set/Training", 4), ("set/Testing", 2), ("other/one", 3), ("other/two", 3) })
        {
            SampleData.WriteFolders(folder[part], images);
        }

        using var split = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal((12, 6), (split.Train.Count, split.Test!.Count));
        Assert.Equal(SampleData.Classes, split.ClassNames);

        // What lies beside the parts is none of them, and an empty folder is noticed like any change.
        Directory.CreateDirectory(folder["set/docs"]);
        using var beside = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal((12, 6), (beside.Train.Count, beside.Test!.Count));
        Assert.Contains(beside.Problems, problem => problem.EndsWith("set/docs lies beside Testing and Training and is none of the parts: left out", StringComparison.Ordinal));
        Directory.Delete(folder["set/docs"]);
        using var without = DatasetLoader.Load(folder["set"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Empty(without.Problems);

        using var other = DatasetLoader.Load(folder["other"], SampleData.Options(folder) with { Height = 8, Width = 6 });
        Assert.Equal(["one", "two"], other.ClassNames);
        Assert.Contains("one and two hold the same folders (ant, bee, cat, …) and are taken as classes: if they are parts of the dataset, call them train, validation and test", other.Problems);
    }

    [Fact]
    public void A_folder_that_was_moved_keeps_its_cache_and_is_named_as_it_is_called_now()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["before"]);
        File.WriteAllText(Path.Combine(folder["before"], "bee", "1.png"), "no bee");
        var options = SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 };
        string key;
        using (var dataset = DatasetLoader.Load(folder["before"], options))
        {
            key = dataset.Fingerprint;
        }

        Directory.Move(folder["before"], folder["after"]);
        using var moved = DatasetLoader.Load(folder["after"], options);
        Assert.Equal(key, moved.Fingerprint);
        Assert.Equal(Path.Combine(folder["after"], "ant", "0.png"), moved.Train.NameOf(0));
        Assert.StartsWith(Path.Combine(folder["after"], "bee", "1.png") + ": not an image", Assert.Single(moved.Problems), StringComparison.Ordinal);
    }

    [Fact]
    public void A_linked_folder_with_relative_links_is_read_where_it_lies()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["disk/originals"], perClass: 3);
        foreach (var name in SampleData.Classes)
        {
            Directory.CreateDirectory(folder[$"disk/sets/pets/{name}"]);
            for (var i = 0; i < 3; i++)
            {
                File.CreateSymbolicLink(folder[$"disk/sets/pets/{name}/{i}.png"], $"../../../originals/{name}/{i}.png");
            }
        }

        Directory.CreateSymbolicLink(folder["photos"], folder["disk/sets/pets"]);
        using var dataset = DatasetLoader.Load(folder["photos"], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 });
        Assert.Equal([3, 3, 3], dataset.Train.ClassCounts());
        Assert.Empty(dataset.Problems);

        // Where it lies says nothing of what it holds, to caches and to reports.
        using var real = DatasetLoader.Load(folder["disk/originals"], SampleData.Options(folder) with { Height = 4, Width = 4, Channels = 1 });
        Assert.Equal(real.Train.NamesFingerprint, dataset.Train.NamesFingerprint);
        Assert.NotEqual(real.Train.Subset([0, 1, 2]).NamesFingerprint, dataset.Train.Subset([0, 1, 3]).NamesFingerprint);
        Assert.NotEqual(real.Train.NamesFingerprint, real.Train.Subset([]).NamesFingerprint);
        using var same = DatasetLoader.Load(folder["disk/originals"], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 });
        Assert.Equal(same.Fingerprint, dataset.Fingerprint);
    }

    [Fact]
    public void Unreadable_images_are_named_and_left_out_on_every_load()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        File.WriteAllText(Path.Combine(folder["pets"], "bee", "1.png"), "no bee");
        var ant = Path.Combine(folder["pets"], "ant", "3.png");
        File.WriteAllBytes(ant, File.ReadAllBytes(ant)[..30]);
        File.WriteAllText(Path.Combine(folder["pets"], "cat", "notes.txt"), "a cat");
        File.WriteAllText(Path.Combine(folder["pets"], "cat", "IMG_1.HEIC"), "a cat");
        File.WriteAllText(Path.Combine(folder["pets"], "cat", ".hidden"), "not a cat");
        for (var round = 0; round < 2; round++)
        {
            using var dataset = DatasetLoader.Load(folder["pets"], SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 });
            Assert.Equal([3, 3, 4], dataset.Train.ClassCounts());
            Assert.Equal([0, 1, 2, 10, 12, 13, 20, 21, 22, 23], Enumerable.Range(0, 10).Select(i => (int)dataset.Train.Pixels(i)[0]));
            Assert.Equal(4, dataset.Problems.Count);
            Assert.Contains(dataset.Problems, problem => problem.EndsWith("IMG_1.HEIC is a HEIC or AVIF image, which is not read: save it as JPEG: left out", StringComparison.Ordinal));
            Assert.Contains(dataset.Problems, problem => problem.StartsWith(ant + ": the PNG file is cut short", StringComparison.Ordinal));
            Assert.Contains(dataset.Problems, problem => problem.EndsWith("bee/1.png: not an image (JPEG, PNG, WebP, GIF, BMP, TIFF and PNM are read): left out", StringComparison.Ordinal));
            Assert.Contains(dataset.Problems, problem => problem.EndsWith("notes.txt is no image by its ending: left out", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Split_folders_are_the_splits_unless_classes_are_called_so()
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(Path.Combine(folder["pets"], "train"), perClass: 4);
        SampleData.WriteFolders(Path.Combine(folder["pets"], "val"), perClass: 2);
        SampleData.WriteFolders(Path.Combine(folder["pets"], "test"), perClass: 3);
        using var split = DatasetLoader.Load(folder["pets"], SampleData.Options(folder));
        Assert.Equal((12, 6, 9), (split.Train.Count, split.Validation!.Count, split.Test!.Count));
        Assert.Equal(new ImageShape(3, 224, 224), split.Train.Shape);

        SampleData.WriteFolders(folder["vehicles"]);
        Directory.Move(Path.Combine(folder["vehicles"], "bee"), Path.Combine(folder["vehicles"], "train"));
        using var vehicles = DatasetLoader.Load(folder["vehicles"], SampleData.Options(folder));
        Assert.Equal(["ant", "cat", "train"], vehicles.ClassNames);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_changed_image_is_another_dataset(bool linked)
    {
        using var folder = new TemporaryFolder();
        SampleData.WriteFolders(folder["pets"]);
        var changed = Path.Combine(folder["pets"], "ant", "0.png");
        if (linked)
        {
            File.Move(changed, folder["elsewhere.png"]);
            File.CreateSymbolicLink(changed, folder["elsewhere.png"]);
            changed = folder["elsewhere.png"];
        }

        var options = SampleData.Options(folder) with { Height = 8, Width = 6, Channels = 1 };
        using var before = DatasetLoader.Load(folder["pets"], options);
        File.Copy(Path.Combine(folder["pets"], "cat", "0.png"), changed, overwrite: true);
        using var after = DatasetLoader.Load(folder["pets"], options);
        Assert.NotEqual(before.Fingerprint, after.Fingerprint);
        Assert.Equal((0, 20), (before.Train.Pixels(0)[0], after.Train.Pixels(0)[0]));
    }

    [Fact]
    public void A_folder_without_class_folders_is_refused_with_what_is_expected()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["empty"]);
        var error = Assert.Throws<DatasetException>(() => DatasetLoader.Load(folder["empty"], SampleData.Options(folder)));
        Assert.Contains("has no class folders", error.Message, StringComparison.Ordinal);
        Assert.Contains("<class>/<image>.jpg", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Real_photos_are_read_from_class_folders()
    {
        var archive = SharedData.Require("food-101-20-samples.tar.gz");
        using var folder = new TemporaryFolder();
        using (var stream = new System.IO.Compression.GZipStream(File.OpenRead(archive), System.IO.Compression.CompressionMode.Decompress))
        {
            System.Formats.Tar.TarFile.ExtractToDirectory(stream, folder.Path, overwriteFiles: false);
        }

        using var dataset = DatasetLoader.Load(folder["food-101-samples"], SampleData.Options(folder) with { Height = 64, Width = 64 });
        Assert.Equal(20, dataset.ClassNames.Count);
        Assert.All(dataset.Train.ClassCounts(), count => Assert.Equal(3, count));
        Assert.Empty(dataset.Problems);
    }
}
