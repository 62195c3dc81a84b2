namespace MLNetCnn.Tests.Pipelines;

public sealed class VBufferTests
{
    [Fact]
    public void Whatever_the_representation_every_way_of_reading_gives_the_same_items()
    {
        var random = new Random(3);
        for (var round = 0; round < 500; round++)
        {
            var length = random.Next(0, 12);
            var items = Enumerable.Range(0, length).Select(_ => random.Next(3) == 0 ? random.Next(1, 100) : 0).ToArray();
            var stored = Enumerable.Range(0, length).Where(slot => items[slot] != 0).ToArray();
            VBuffer<int>[] representations =
            [
                new(length, [.. items, 99]),
                new(length, stored.Length, [.. stored.Select(slot => items[slot]), 99], [.. stored, 99]),
            ];
            foreach (var vector in representations)
            {
                Assert.Equal(items, vector.DenseValues());
                Assert.Equal(items, Enumerable.Range(0, length).Select(vector.GetItemOrDefault));
                Assert.Equal(items.Where(item => item != 0), vector.Items().Select(item => item.Value).Where(item => item != 0));
                Assert.Equal(items.Select((item, slot) => KeyValuePair.Create(slot, item)), vector.Items(all: true));

                var copy = Junk(random);
                vector.CopyTo(ref copy);
                Assert.Equal(vector.IsDense, copy.IsDense);
                Assert.Equal(items, copy.DenseValues());

                var dense = Junk(random);
                vector.CopyToDense(ref dense);
                Assert.True(dense.IsDense);
                Assert.Equal(items, dense.GetValues().ToArray());

                var from = random.Next(0, length + 1);
                var part = Junk(random);
                vector.CopyTo(ref part, from, length - from);
                Assert.Equal(items[from..], part.DenseValues());

                var filled = new int[length + 2];
                vector.CopyTo(filled, 1, defaultValue: -1);
                Assert.Equal(vector.IsDense ? items : items.Select(item => item == 0 ? -1 : item), filled[1..^1]);
            }
        }
    }

    [Fact]
    public void An_editor_reuses_the_arrays_that_are_long_enough()
    {
        var vector = new VBuffer<float>(4, [1, 2, 3, 4]);
        var editor = VBufferEditor.Create(ref vector, 3);
        Assert.False(editor.CreatedNewValues);
        editor.Values[0] = 9;
        Assert.Equal([9f, 2, 3], editor.Commit().DenseValues());

        var sparse = VBufferEditor.Create(ref vector, 10, valuesCount: 2);
        (sparse.Values[0], sparse.Indices[0]) = (5, 7);
        Assert.Equal([0f, 0, 0, 0, 0, 0, 0, 5, 0, 0], sparse.CommitTruncated(1).DenseValues());
        Assert.True(VBufferEditor.Create(ref vector, 100).CreatedNewValues);
    }

    [Fact]
    public void Arrays_that_are_too_short_or_indices_that_do_not_ascend_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new VBuffer<int>(3, [1, 2]));
        Assert.Throws<ArgumentException>(() => new VBuffer<int>(3, 2, [1, 2], [0]));
        Assert.Throws<ArgumentException>(() => new VBuffer<int>(9, 2, [1, 2], [4, 4]));
        Assert.Throws<ArgumentException>(() => new VBuffer<int>(9, 2, [1, 2], [4, 9]));
        Assert.Equal(0, default(VBuffer<int>).Length);
    }

    private static VBuffer<int> Junk(Random random) => new(2, 1, [.. Enumerable.Repeat(77, random.Next(1, 20))], [.. Enumerable.Repeat(1, random.Next(1, 20))]);
}
