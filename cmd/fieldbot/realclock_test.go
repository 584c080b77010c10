//go:build !testclock

package main

const clockCanBeSet = false
