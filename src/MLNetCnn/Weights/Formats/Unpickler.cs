using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace MLNetCnn.Weights.Formats;

/// <summary>A dict as a pickle builds it, in its order.</summary>
internal sealed class PickledDict
{
    public List<KeyValuePair<object?, object?>> Items { get; } = [];
}

/// <summary>
/// The machine that a Python pickle is a program for, without what makes pickles dangerous: it builds numbers, texts, tuples, lists
/// and dicts, and everything else only through <paramref name="resolve"/>, which knows few names and throws at all others.
/// Nothing is ever imported or run. The language: Python's <c>pickletools</c>.
/// </summary>
/// <param name="stream">Where the pickle begins; left behind its end.</param>
/// <param name="resolve">What a global, given as module and name, stands for: any value, or a <see cref="Function"/>.</param>
/// <param name="persistent">What a persistent id stands for.</param>
internal sealed class Unpickler(Stream stream, Func<string, string, object> resolve, Func<object?, object?> persistent)
{
    private const int MaxText = 1 << 20;
    private const int MaxOperations = 20_000_000;

    private static readonly object Mark = new();

    private readonly List<object?> _stack = [];
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>A function that a pickle may call.</summary>
    public delegate object? Function(object?[] arguments);

    /// <summary>Runs the program up to its end.</summary>
    /// <returns>null, a bool, long, <see cref="BigInteger"/>, double, string, <c>byte[]</c>, <c>object?[]</c> (a tuple), a list, a <see cref="PickledDict"/>, or what the functions gave.</returns>
    /// <exception cref="InvalidDataException">It is malformed, or wants what is not allowed.</exception>
    public object? Load()
    {
        try
        {
            for (var operation = 0; operation < MaxOperations; operation++)
            {
                var code = ReadByte();
                if (code == '.')
                {
                    return Pop();
                }

                if (!TryValue(code) && !TryCollection(code))
                {
                    Step(code);
                }
            }
        }
        catch (Exception error) when (error is InvalidCastException or NullReferenceException or EndOfStreamException or ArgumentException or OverflowException or IndexOutOfRangeException or KeyNotFoundException)
        {
            throw new InvalidDataException("its pickle is damaged", error);
        }

        throw new InvalidDataException($"its pickle has more than {MaxOperations} operations");
    }

    private bool TryValue(byte code)
    {
        object? value;
        switch (code)
        {
            case (byte)'N': value = null; break;
            case 0x88: value = true; break;
            case 0x89: value = false; break;
            case (byte)'J': value = (long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)); break;
            case (byte)'K': value = (long)ReadByte(); break;
            case (byte)'M': value = (long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)); break;
            case 0x8a:
                var whole = new BigInteger(Bytes(ReadByte()));
                value = whole;
                if (whole >= long.MinValue && whole <= long.MaxValue)
                {
                    value = (long)whole;
                }

                break;
            case (byte)'G': value = BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)); break;
            case (byte)'X' or (byte)'T': value = Text(Length()); break;
            case 0x8c or (byte)'U': value = Text(ReadByte()); break;
            case (byte)'B': value = Bytes(Length()); break;
            case (byte)'C': value = Bytes(ReadByte()); break;
            case (byte)']': value = new List<object?>(); break;
            case (byte)'}': value = new PickledDict(); break;
            case (byte)')': value = Array.Empty<object?>(); break;
            case (byte)'(': value = Mark; break;
            default: return false;
        }

        _stack.Add(value);
        return true;
    }

    private bool TryCollection(byte code)
    {
        switch (code)
        {
            case (byte)'t': _stack.Add(PopToMark()); break;
            case >= 0x85 and <= 0x87: _stack.Add(PopMany(code - 0x84)); break;
            case (byte)'l': _stack.Add(new List<object?>(PopToMark())); break;
            case (byte)'d': _stack.Add(Extend(new PickledDict(), PopToMark())); break;
            case (byte)'a': Append(PopMany(1)); break;
            case (byte)'e': Append(PopToMark()); break;
            case (byte)'s': Extend(PopMany(2)); break;
            case (byte)'u': Extend(PopToMark()); break;
            default: return false;
        }

        return true;
    }

    private void Step(byte code)
    {
        switch (code)
        {
            case 0x80: ReadByte(); break;
            case 0x95: Bytes(8); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': _stack.Add(_stack[^1]); break;
            case (byte)'q': _memo[ReadByte()] = _stack[^1]; break;
            case (byte)'r': _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = _stack[^1]; break;
            case 0x94: _memo[_memo.Count] = _stack[^1]; break;
            case (byte)'h': _stack.Add(_memo[ReadByte()]); break;
            case (byte)'j': _stack.Add(_memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))]); break;
            case (byte)'c': _stack.Add(resolve(Line(), Line())); break;
            case 0x93:
                var names = PopMany(2);
                _stack.Add(resolve((string)names[0]!, (string)names[1]!));
                break;
            case (byte)'Q': _stack.Add(persistent(Pop())); break;
            case (byte)'R':
                var call = PopMany(2);
                _stack.Add(((Function)call[0]!)((object?[])call[1]!));
                break;

            // Attributes, such as a state's _metadata: nothing of ours has any.
            case (byte)'b': Pop(); break;
            default:
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"its pickle uses operation 0x{code:x2}, which tensors don't need"));
        }
    }

    private void Append(object?[] items) => ((List<object?>)_stack[^1]!).AddRange(items);

    private void Extend(object?[] items) => Extend((PickledDict)_stack[^1]!, items);

    private static PickledDict Extend(PickledDict dict, object?[] items)
    {
        for (var i = 0; i < items.Length; i += 2)
        {
            dict.Items.Add(new(items[i], items[i + 1]));
        }

        return dict;
    }

    private object? Pop() => PopMany(1)[0];

    private object?[] PopMany(int count)
    {
        object?[] items = [.. _stack[^count..]];
        _stack.RemoveRange(_stack.Count - count, count);
        return Array.IndexOf(items, Mark) < 0 ? items : throw new InvalidDataException("its pickle is damaged: a mark stands where a value is due");
    }

    private object?[] PopToMark()
    {
        var mark = _stack.LastIndexOf(Mark);
        object?[] items = [.. _stack[(mark + 1)..]];
        _stack.RemoveRange(mark, _stack.Count - mark);
        return items;
    }

    private byte ReadByte() => stream.ReadByte() is >= 0 and var value ? (byte)value : throw new EndOfStreamException();

    private int Length() => BinaryPrimitives.ReadInt32LittleEndian(Bytes(4));

    private byte[] Bytes(int count)
    {
        if (count is < 0 or > MaxText)
        {
            throw new InvalidDataException($"its pickle holds a text of {count} bytes, at most {MaxText} are allowed");
        }

        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private string Text(int count) => Encoding.UTF8.GetString(Bytes(count));

    private string Line()
    {
        var line = new List<byte>();
        for (byte letter; (letter = ReadByte()) != '\n';)
        {
            line.Add(line.Count < MaxText ? letter : throw new InvalidDataException("its pickle holds a line without an end"));
        }

        return Encoding.UTF8.GetString([.. line]);
    }
}
