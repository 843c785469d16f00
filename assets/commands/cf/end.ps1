} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
