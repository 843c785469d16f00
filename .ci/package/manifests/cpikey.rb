class Cpikey < Formula
  desc "@DESCRIPTION@"
  homepage "@HOMEPAGE@"
  version "@VERSION@"
  license any_of: ["MIT", "Apache-2.0"]

  on_macos do
    on_arm do
      url "@URL aarch64-apple-darwin@"
      sha256 "@SHA256 aarch64-apple-darwin@"
    end
    on_intel do
      url "@URL x86_64-apple-darwin@"
      sha256 "@SHA256 x86_64-apple-darwin@"
    end
  end

  on_linux do
    on_arm do
      url "@URL aarch64-unknown-linux-musl@"
      sha256 "@SHA256 aarch64-unknown-linux-musl@"
    end
    on_intel do
      url "@URL x86_64-unknown-linux-musl@"
      sha256 "@SHA256 x86_64-unknown-linux-musl@"
    end
  end

  def install
    bin.install "cpikey"
    man1.install "man/cpikey.1"
    bash_completion.install "completions/cpikey.bash" => "cpikey"
    zsh_completion.install "completions/cpikey.zsh" => "_cpikey"
    fish_completion.install "completions/cpikey.fish"
    doc.install "README.md", "THIRD-PARTY.txt", Dir["docs/*"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/cpikey --version")
    assert_match "MonitoringDataRead", shell_output("#{bin}/cpikey params --purpose monitoring")
  end
end
