namespace MLNetCnn.Torch;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A module of one input, as layers and networks are. Call it by <see cref="call"/>, which runs the hooks.</summary>
        /// <typeparam name="T">The input.</typeparam>
        /// <typeparam name="TResult">The output, which is never the input object itself: the caller may dispose either.</typeparam>
        public abstract class Module<T, TResult> : Module
        {
            private List<ForwardHook>? _hooks;

            /// <summary>A module called <paramref name="name"/>.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>
            /// Sees the module, its input and its output, and may return another output (null keeps it). Keep a tensor by its
            /// <c>alias()</c>: containers free their intermediate results.
            /// </summary>
            public delegate TResult? ForwardHook(Module<T, TResult> module, T input, TResult output);

            /// <summary>Whether a hook wants to see its output.</summary>
            internal bool IsWatched => _hooks is { Count: > 0 };

            /// <summary>The computation. Use <see cref="call"/> instead.</summary>
            public abstract TResult forward(T input);

            /// <summary>The computation and the hooks.</summary>
            public TResult call(T input)
            {
                var output = forward(input);
                if (_hooks is not null)
                {
                    foreach (var hook in _hooks.ToArray())
                    {
                        output = hook(this, input, output) ?? output;
                    }
                }

                return output;
            }

            /// <summary>Calls <paramref name="hook"/> after every <see cref="forward"/>.</summary>
            /// <returns>Removes the hook when disposed.</returns>
            public HookRemover register_forward_hook(ForwardHook hook)
            {
                (_hooks ??= []).Add(hook);
                return new HookRemover(() => _hooks.Remove(hook));
            }
        }

        /// <summary>A module of two inputs, as losses are.</summary>
        /// <typeparam name="T1">The first input.</typeparam>
        /// <typeparam name="T2">The second input.</typeparam>
        /// <typeparam name="TResult">The output.</typeparam>
        public abstract class Module<T1, T2, TResult> : Module
        {
            /// <summary>A module called <paramref name="name"/>.</summary>
            protected Module(string name)
                : base(name)
            {
            }

            /// <summary>The computation.</summary>
            public abstract TResult forward(T1 input1, T2 input2);

            /// <summary>The computation.</summary>
            public TResult call(T1 input1, T2 input2) => forward(input1, input2);
        }

        /// <summary>Removes a hook.</summary>
        public sealed class HookRemover : IDisposable
        {
            private readonly Action _removal;

            internal HookRemover(Action removal) => _removal = removal;

            /// <summary>Removes the hook.</summary>
            public void remove() => _removal();

            /// <summary>Removes the hook.</summary>
            public void Dispose() => _removal();
        }
    }
}
