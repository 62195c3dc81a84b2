using System.Collections.Frozen;

namespace MLNetCnn.Inference;

/// <summary>A model's labels and their positions, shared by all of its predictions.</summary>
internal sealed class LabelIndex(IReadOnlyList<string> labels)
{
    private readonly FrozenDictionary<string, int> _positions =
        labels.Index().ToFrozenDictionary(entry => entry.Item, entry => entry.Index, StringComparer.Ordinal);

    public int Count => labels.Count;

    public IReadOnlyList<string> Labels => labels;

    public string this[int position] => labels[position];

    public bool TryFind(string label, out int position) => _positions.TryGetValue(label, out position);
}
